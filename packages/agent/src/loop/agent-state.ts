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
  readonly #known = new WeakMap<AnyPolicy, Known>();

  readonly of = sameForSame(
    (
      policies: Cluster["policies"],
      clusterPolicies: Cluster["clusterPolicies"],
      marks: Snapshot["policyMarks"],
      fallbacks: readonly Fallback<AnyPolicy>[],
    ): readonly PolicyState[] => {
      const fallbackOf = new Map(fallbacks.map((fallback) => [policyKey(fallback.policy), fallback]));
      const stateIn = (policy: AnyPolicy): PolicyState => {
        const old = this.#known.get(policy);
        const name = old?.name ?? nameWithNamespace(policy);
        const mark = marks.get(policy.kind)?.get(name);
        const fallback = fallbackOf.size === 0 ? undefined : fallbackOf.get(policyKey(policy));
        if (old !== undefined && old.mark === mark && old.fallback === fallback) return old.state;
        const state = stateOf(policy, mark, fallback);
        this.#known.set(policy, { name, mark, fallback, state });
        return state;
      };
      return [...policies.map(stateIn), ...clusterPolicies.map(stateIn)];
    },
  );
}

interface Known {
  /** By which marks are kept. */
  readonly name: string;
  readonly mark: PolicyMarks | undefined;
  readonly fallback: Fallback<AnyPolicy> | undefined;
  readonly state: PolicyState;
}

function nameWithNamespace(policy: AnyPolicy): string {
  return "namespace" in policy ? `${policy.namespace}/${policy.name}` : policy.name;
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
