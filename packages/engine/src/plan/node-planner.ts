import type { Cluster } from "../model/cluster.ts";
import { isPolicyPod, podKey } from "../model/pod.ts";
import { Answering } from "./answering.ts";
import { type Budgets, defaultBudgets } from "./budgets.ts";
import { type FollowedChange, FollowedCluster } from "./followed-cluster.ts";
import type { Judge } from "./judges.ts";
import { type NodeLinks, closedPod, closedRuleSets, localPod, ruleSetsOf, sameWhereSame } from "./local-pods.ts";
import type { LocalPod, NodePlan } from "./node-plan.ts";
import { PolicySelection } from "./policy-selection.ts";
import { RuleSetStore } from "./rule-set-store.ts";
import { sameForSame } from "./same-for-same.ts";

/**
 * Compiles what one node must enforce out of one state of a cluster after the other. Objects that stay as they are must stay
 * the same objects: only others are looked at. What stays as it is in the plan is the same object, too. Each stage owns
 * what it remembers: which policies count, the evaluator that follows the cluster, the identities of addresses, rule sets.
 */
export class NodePlanner {
  readonly #node: string;
  readonly #selection: PolicySelection;
  readonly #budgets: Budgets;
  #followed = new FollowedCluster();
  #ruleSets: RuleSetStore;
  #answering: Answering | undefined;
  #series = 1;
  readonly #inUse = sameForSame(inUse);
  #localPods: ReadonlyMap<string, LocalPod> = new Map();

  constructor(node: string, budgets: Budgets = defaultBudgets) {
    this.#node = node;
    this.#budgets = budgets;
    this.#selection = new PolicySelection(budgets);
    this.#ruleSets = new RuleSetStore(budgets);
  }

  /**
   * What the node must enforce in this state. Pods whose policies ask too much of a node are closed, and the rest is as if
   * those policies did not select them.
   */
  plan(cluster: Cluster, links: NodeLinks): NodePlan {
    try {
      return this.#planNext(cluster, links);
    } catch (error) {
      // Some stages may have taken the state in and others not: what would be planned from there may allow anything.
      this.#followed = new FollowedCluster();
      this.#ruleSets = new RuleSetStore(this.#budgets);
      this.#answering = undefined;
      throw error;
    }
  }

  #planNext(cluster: Cluster, links: NodeLinks): NodePlan {
    const node = this.#node;
    const local = cluster.pods.filter((pod) => pod.node === node && isPolicyPod(pod) && pod.addresses.length > 0);
    const selected = this.#selection.of(cluster, local);
    const change = this.#followed.follow(cluster, selected.policies);
    const judges = new Map<string, Judge>();
    const judged = new Map<string, LocalPod>();
    const refused = new Map(selected.refused);
    for (const pod of local) {
      const key = podKey(pod);
      if (!refused.has(key))
        judged.set(
          key,
          localPod(pod, links, change.judges, (judge) => judges.set(judge.key, judge)),
        );
    }
    const { identities, built } = this.#build(change, judges);
    for (const [key, pod] of judged) {
      const because = ruleSetsOf(pod).flatMap((rules) => built.refused.get(rules) ?? [])[0];
      if (because !== undefined) refused.set(key, because);
    }
    const localPods = sameWhereSame(
      this.#localPods,
      new Map(
        local.map((pod) => {
          const key = podKey(pod);
          return [key, (refused.has(key) ? undefined : judged.get(key)) ?? closedPod(pod, links)];
        }),
      ),
    );
    this.#localPods = localPods;
    return {
      node,
      identities: identities.identities,
      atoms: identities.atoms,
      podIdentities: identities.podIdentities,
      ruleSets: this.#inUse(localPods, built.ruleSets),
      localPods,
      refused,
      localRanges: cluster.nodes.get(node)?.podCidrs ?? [],
      ...(links.podInterfacePrefix === undefined ? {} : { podInterfacePrefix: links.podInterfacePrefix }),
    };
  }

  /** Sorts addresses into identities, and works out what each rule set allows them. */
  #build(change: FollowedChange, judges: ReadonlyMap<string, Judge>) {
    const answering = change.isAnew ? undefined : this.#answering;
    const { identities } = (this.#answering = answering ?? new Answering(change.evaluator, `pods ${this.#series++}`));
    const hasKept = this.#answering.follow(change, judges.values());
    let built = this.#ruleSets.follow(judges, identities);
    if (built.refused.size > 0 && hasKept) {
      // Nobody is refused for what no rule asks any more.
      this.#answering.forget();
      built = this.#ruleSets.follow(judges, identities);
    }
    return { identities, built };
  }
}

/** The rule sets that judge somebody. */
function inUse(pods: NodePlan["localPods"], built: NodePlan["ruleSets"]): NodePlan["ruleSets"] {
  const keys = new Set([...pods.values()].flatMap(ruleSetsOf));
  return new Map([...built, ...closedRuleSets].filter(([key]) => keys.has(key)));
}
