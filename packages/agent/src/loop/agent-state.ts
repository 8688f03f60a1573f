import type { ApplyReport } from "@podwall/dataplane";
import { type Cluster, type Pod, sameForSame } from "@podwall/engine";
import type { AnyPolicy, Fallback } from "../last-good.ts";
import { podTexts } from "../pod-texts.ts";
import { type PolicyMarks, type Snapshot, policyKey } from "../source/source.ts";

/** What is enforced of a policy. */
export interface PolicyState {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** Tells the policy from an earlier one of its name; absent where the source has none. */
  readonly uid?: string;
  /** The `metadata.generation` that was put into the kernel; absent where the source has none. */
  readonly generation?: number;
  readonly enforced: "as written" | Fallback["enforced"];
  /** Why it is not enforced as written. */
  readonly because?: string;
  /** From the event that told of this generation to the kernel; absent for what was there when the agent started. */
  readonly latencyMs?: number;
}

/** What the kernel was told last. */
export interface Applied {
  readonly report: ApplyReport;
  readonly policies: readonly PolicyState[];
  readonly localPods: number;
  /** This node's pods as `namespace/name`, by each of their addresses. The same map while they are the same. */
  readonly podOf: ReadonlyMap<string, string>;
  /** Pods of this node that nothing can reach yet, by `namespace/name`, with the reason. */
  readonly closedPods: ReadonlyMap<string, string>;
}

/** Pods as `namespace/name`, by each of their addresses. */
export function podsByAddress(pods: readonly Pod[]): ReadonlyMap<string, string> {
  return new Map(
    pods.map(podTexts).flatMap(({ key, addresses }) => addresses.map((address) => [address, key] as const)),
  );
}

/** Tells what is enforced of each policy: in the same words, where that is as it was. */
export class PolicyStates {
  #known: ReadonlyMap<string, Known> = new Map();

  readonly of = sameForSame(
    (
      policies: Cluster["policies"],
      clusterPolicies: Cluster["clusterPolicies"],
      marks: Snapshot["policyMarks"],
      fallbacks: readonly Fallback<AnyPolicy>[],
    ): readonly PolicyState[] => {
      const fallbackOf = new Map(fallbacks.map((fallback) => [policyKey(fallback.policy), fallback]));
      const known = new Map<string, Known>();
      for (const policy of [...policies, ...clusterPolicies]) {
        const key = policyKey(policy);
        const [mark, fallback, old] = [marks.get(key), fallbackOf.get(key), this.#known.get(key)];
        const isAsBefore = old?.policy === policy && old.mark === mark && old.fallback === fallback;
        known.set(key, isAsBefore ? old : { policy, mark, fallback, state: stateOf(policy, mark, fallback) });
      }
      this.#known = known;
      return [...known.values()].map(({ state }) => state);
    },
  );
}

interface Known {
  readonly policy: AnyPolicy;
  readonly mark: PolicyMarks | undefined;
  readonly fallback: Fallback<AnyPolicy> | undefined;
  readonly state: PolicyState;
}

function stateOf(
  policy: AnyPolicy,
  { uid, generation }: PolicyMarks = {},
  fallback: Fallback<AnyPolicy> | undefined,
): PolicyState {
  return {
    ...nameOf(policy),
    ...(uid === undefined ? {} : { uid }),
    ...(generation === undefined ? {} : { generation }),
    enforced: fallback?.enforced ?? "as written",
    ...(fallback === undefined ? {} : { because: fallback.because }),
  };
}

function nameOf(policy: AnyPolicy): Pick<PolicyState, "kind" | "namespace" | "name"> {
  const { kind, name } = policy;
  return "namespace" in policy ? { kind, namespace: policy.namespace, name } : { kind, name };
}
