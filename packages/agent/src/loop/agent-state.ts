import type { ApplyReport } from "@podwall/dataplane";
import { type Cluster, type Pod, formatAddress, podKey } from "@podwall/engine";
import type { AnyPolicy, Fallback } from "../last-good.ts";
import { type Snapshot, policyKey } from "../source/source.ts";

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
  /** This node's pods as `namespace/name`, by each of their addresses. */
  readonly podOf: ReadonlyMap<string, string>;
  /** Pods of this node that nothing can reach yet, by `namespace/name`, with the reason. */
  readonly closedPods: ReadonlyMap<string, string>;
}

/** Pods as `namespace/name`, by each of their addresses. */
export function podsByAddress(pods: readonly Pod[]): ReadonlyMap<string, string> {
  return new Map(pods.flatMap((pod) => pod.addresses.map((address) => [formatAddress(address), podKey(pod)] as const)));
}

/** What is enforced of each policy. */
export function policyStates(
  policies: Cluster["policies"],
  clusterPolicies: Cluster["clusterPolicies"],
  marks: Snapshot["policyMarks"],
  fallbacks: readonly Fallback<AnyPolicy>[],
): readonly PolicyState[] {
  const fallbackOf = new Map(fallbacks.map((fallback) => [policyKey(fallback.policy), fallback]));
  return [...policies, ...clusterPolicies].map((policy) => {
    const fallback = fallbackOf.get(policyKey(policy));
    const { uid, generation } = marks.get(policyKey(policy)) ?? {};
    return {
      ...nameOf(policy),
      ...(uid === undefined ? {} : { uid }),
      ...(generation === undefined ? {} : { generation }),
      enforced: fallback?.enforced ?? "as written",
      ...(fallback === undefined ? {} : { because: fallback.because }),
    };
  });
}

function nameOf(policy: AnyPolicy): Pick<PolicyState, "kind" | "namespace" | "name"> {
  const { kind, name } = policy;
  return "namespace" in policy ? { kind, namespace: policy.namespace, name } : { kind, name };
}
