import type { KubeClient } from "@podwall/kube";
import { type Check, nameOf, orMissing } from "./check.ts";
import { policyStatus } from "./fleet-status.ts";
import { type WrittenPolicy, policyKinds, writtenPolicy } from "./written-policies.ts";

/** A policy by its name; `kind` is the API's. */
export interface PolicyTarget {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** That every node enforces this generation of a policy. */
export function policyCheck(policy: WrittenPolicy): Check {
  const what = nameOf(policy);
  return {
    done: `${what} is enforced`,
    missing: async (ask) => {
      const { missing } = policyStatus(policy, await ask());
      return missing.map(({ node, because }) => `${what} on ${node}: ${because}`);
    },
  };
}

/** A policy as it is written now; undefined where it is not. Rejects with a `KubeError`. */
export async function getPolicy(
  client: KubeClient,
  { kind, namespace, name }: PolicyTarget,
  signal: AbortSignal,
): Promise<WrittenPolicy | undefined> {
  const watched = policyKinds.find((one) => one.kind === kind);
  if (watched === undefined) throw new Error(`${kind} is no kind of policies`);
  const object = await orMissing(client.get(watched.resource, { namespace, name, signal }));
  return object === undefined ? undefined : writtenPolicy(kind, object);
}
