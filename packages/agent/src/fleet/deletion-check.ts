import type { KubeClient } from "@podwall/kube";
import { policyKey } from "../source/source.ts";
import { type Check, nameOf } from "./check.ts";
import { deletedPolicies, whyStill } from "./fleet-status.ts";
import type { NodeAnswer } from "./fleet.ts";
import { type PolicyTarget, getPolicy } from "./policy-check.ts";
import { type Written, type WrittenPolicy, writtenPolicies } from "./written-policies.ts";

/**
 * That a policy is deleted and no node enforces it any more. As `kubectl wait --for=delete`: what is not there is deleted
 * already, and what was made anew under its name is another one.
 */
export async function deletionCheck(client: KubeClient, target: PolicyTarget, signal: AbortSignal): Promise<Check> {
  const what = nameOf(target);
  const first = await getPolicy(client, target, signal);
  return {
    done: `${what} is deleted, and enforced nowhere`,
    missing: async (ask, within) => {
      const answers = await ask();
      const now = await getPolicy(client, target, within);
      if (now !== undefined && now.uid === first?.uid) return [`${what}: it is not deleted`];
      return answers.flatMap((one) => {
        const because = whyEnforced(target, now, one);
        return because === undefined ? [] : [`${what} on ${one.node}: ${because}`];
      });
    },
  };
}

/** That no node enforces a policy that is deleted, whatever its name; `written` is what was there before. */
export function noDeletedCheck(client: KubeClient, written: Written): Check {
  return {
    missing: async (ask, signal) => {
      const answers = await ask();
      const silent = answers.flatMap((one) => {
        const because = whyUnknown(one);
        return because === undefined ? [] : [`${one.node}: ${because}`];
      });
      if (deletedPolicies(answers, written, written).length === 0) return silent;
      const deleted = deletedPolicies(answers, written, await writtenPolicies(client, signal));
      const still = deleted.flatMap(({ stillOn, ...policy }) =>
        stillOn.map(({ node, because }) => `${nameOf(policy)}, which is deleted, on ${node}: ${because}`),
      );
      return [...silent, ...still];
    },
  };
}

/** Why a node enforces a policy that is deleted, or may; undefined where it does not. `now` is another one of its name. */
function whyEnforced(target: PolicyTarget, now: WrittenPolicy | undefined, one: NodeAnswer): string | undefined {
  if (one.kind !== "answered") return whyUnknown(one);
  const known = one.answer.policies.get(policyKey(target));
  if (known === undefined) return whyUnknown(one);
  return now !== undefined && known.uid === now.uid ? undefined : whyStill(one.answer, target.kind, undefined);
}

/** Why it cannot be told what a node enforces; undefined where it can. */
function whyUnknown(one: NodeAnswer): string | undefined {
  switch (one.kind) {
    case "no agent":
      return "it has no agent";
    case "no answer":
      return one.because;
    case "answered":
      return one.answer.enforces ? undefined : (one.answer.because ?? "nothing was put in force yet");
  }
}
