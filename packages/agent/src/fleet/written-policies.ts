import { type KubeClient, KubeError, type KubeObject, listObjects } from "@podwall/kube";
import { policyKey } from "../source/source.ts";
import { watchedKinds } from "../source/watched-kinds.ts";

/** A policy as the API server has it. */
export interface WrittenPolicy {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** Tells it from an earlier one of its name, whose generation may be higher. */
  readonly uid: string;
  /** `metadata.generation`: counts up with each change of its spec. */
  readonly generation: number;
  readonly resourceVersion: string;
}

/** The kinds of policies, as `watchedKinds` has them. */
export const policyKinds = watchedKinds.filter(({ kind }) => kind.endsWith("Policy"));

/** All policies that there are. */
export interface Written {
  /** By `policyKey`. */
  readonly policies: ReadonlyMap<string, WrittenPolicy>;
  /** Kinds that the API server does not serve in the version that podwall reads. */
  readonly unserved: ReadonlySet<string>;
}

/** What is written now. Rejects with a `KubeError`. */
export async function writtenPolicies(client: KubeClient, signal: AbortSignal): Promise<Written> {
  const unserved = new Set<string>();
  const lists = await Promise.all(
    policyKinds.map(async ({ kind, resource, optional }) => {
      try {
        return await listObjects({ client, resource, signal, keep: (object) => writtenPolicy(kind, object) });
      } catch (error) {
        if (!optional || !(error instanceof KubeError) || error.status?.code !== 404) throw error;
        unserved.add(kind);
        return [];
      }
    }),
  );
  return { policies: new Map(lists.flat().map((policy) => [policyKey(policy), policy])), unserved };
}

/** What is told of a policy, from its metadata. */
export function writtenPolicy(kind: string, { metadata }: KubeObject): WrittenPolicy {
  const { namespace, name, resourceVersion, generation, uid } = metadata;
  return {
    kind,
    ...(namespace === undefined || namespace === "" ? {} : { namespace }),
    name,
    uid: typeof uid === "string" ? uid : "",
    generation: typeof generation === "number" ? generation : 0,
    resourceVersion,
  };
}
