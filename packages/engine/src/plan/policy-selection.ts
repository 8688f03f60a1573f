import type { Cluster } from "../model/cluster.ts";
import { type Pod, podKey } from "../model/pod.ts";
import type { Budgets } from "./budgets.ts";
import { namedChanges } from "./cluster-changes.ts";
import type { AnyPolicy } from "./policy-cost.ts";
import { refuseByRules } from "./refuse-by-rules.ts";
import { subjectsOf } from "./subjects.ts";

/** The policies that judge some local pod, and the pods whose policies ask too much, with the reason. */
export interface Selected {
  readonly policies: ReadonlySet<AnyPolicy>;
  readonly refused: ReadonlyMap<string, string>;
}

/** Chooses a node's policies. Worked out again where policies, namespaces or local pods are others. */
export class PolicySelection {
  readonly #budgets: Budgets;
  #last: { readonly cluster: Cluster; readonly local: readonly Pod[]; readonly selected: Selected } | undefined;

  constructor(budgets: Budgets) {
    this.#budgets = budgets;
  }

  of(cluster: Cluster, local: readonly Pod[]): Selected {
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

  #select(cluster: Cluster, local: readonly Pod[]): Selected {
    const subjects = subjectsOf(cluster, local);
    const refused = refuseByRules(local, subjects, this.#budgets);
    const isJudged = (pod: Pod): boolean => !refused.has(podKey(pod));
    const judging = [...subjects].filter(([, pods]) => refused.size === 0 || pods.some(isJudged));
    return { policies: new Set(judging.map(([policy]) => policy)), refused };
  }
}

function isSame<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((item, index) => item === b[index]));
}
