import { type Pod, podKey } from "../model/pod.ts";
import type { Budgets } from "./budgets.ts";
import { namedChanges } from "./cluster-changes.ts";
import type { ClusterState } from "./cluster-state.ts";
import { canBeForeseen } from "./can-be-foreseen.ts";
import { PoliciesByNamespace } from "./policies-by-namespace.ts";
import { policiesByPod } from "./policies-by-pod.ts";
import type { AnyPolicy } from "./policy-cost.ts";
import { refuseByRules } from "./refuse-by-rules.ts";

/** A node's policies, and the pods whose policies ask too much, with the reason. */
export interface Selected {
  /** Those that judge some local pod. */
  readonly judging: ReadonlySet<AnyPolicy>;
  /** Those, and others that may judge one before long. The same set for the same policies. */
  readonly foreseen: ReadonlySet<AnyPolicy>;
  readonly refused: ReadonlyMap<string, string>;
}

/** Chooses a node's policies. Worked out again where policies, namespaces or local pods are others. */
export class PolicySelection {
  readonly #budgets: Budgets;
  readonly #byNamespace = new PoliciesByNamespace();
  #last: { readonly cluster: ClusterState; readonly local: readonly Pod[]; readonly selected: Selected } | undefined;

  constructor(budgets: Budgets) {
    this.#budgets = budgets;
  }

  of(cluster: ClusterState, local: readonly Pod[]): Selected {
    const last = this.#last;
    const isAsBefore =
      last !== undefined &&
      isSame(last.local, local) &&
      isSame(last.cluster.policies, cluster.policies) &&
      isSame(last.cluster.clusterPolicies, cluster.clusterPolicies) &&
      namedChanges(last.cluster.namespaces, cluster.namespaces).length === 0;
    const selected = isAsBefore ? last.selected : this.#select(cluster, local);
    this.#last = { cluster, local, selected };
    return selected;
  }

  #select(cluster: ClusterState, local: readonly Pod[]): Selected {
    const byNamespace = this.#byNamespace.of(cluster.policies);
    const byPod = policiesByPod(cluster, byNamespace, local);
    const refused = refuseByRules(byPod, this.#budgets);
    const isJudged = (pod: Pod): boolean => refused.size === 0 || !refused.has(podKey(pod));
    const judging = new Set(local.filter(isJudged).flatMap((pod) => byPod.get(pod) ?? []));
    const foreseen = new Set(judging);
    for (const namespace of new Set(local.filter(isJudged).map((pod) => pod.namespace))) {
      const own = byNamespace.get(namespace) ?? [];
      if (canBeForeseen(own)) for (const policy of own) foreseen.add(policy);
    }
    const last = this.#last?.selected.foreseen;
    const isForeseenAlike = last?.size === foreseen.size && [...foreseen].every((policy) => last.has(policy));
    return { judging, foreseen: isForeseenAlike ? last : foreseen, refused };
  }
}

function isSame<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((item, index) => item === b[index]));
}
