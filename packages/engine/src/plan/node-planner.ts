import type { FastEvaluator } from "../evaluate/fast/fast-evaluator.ts";
import type { Cluster } from "../model/cluster.ts";
import { type Pod, podKey } from "../model/pod.ts";
import { Answering } from "./answering.ts";
import { type Budgets, defaultBudgets } from "./budgets.ts";
import { type ClusterState, clusterState } from "./cluster-state.ts";
import { type FollowedChange, FollowedCluster } from "./followed-cluster.ts";
import { FollowedPods } from "./followed-pods.ts";
import type { Judge } from "./judges.ts";
import { JudgedPods } from "./judged-pods.ts";
import { type NodeLinks, closedPod, closedRuleSets, ruleSetsOf, sameWhereSame } from "./local-pods.ts";
import type { LocalPod, NodePlan } from "./node-plan.ts";
import { PolicySelection, type Selected } from "./policy-selection.ts";
import { ShortNames, longNames } from "./question-names.ts";
import { RuleSetStore } from "./rule-set-store.ts";
import { sameForSame } from "./same-for-same.ts";
import { SharedMap } from "./shared-map.ts";

/**
 * Compiles what one node must enforce out of one state of a cluster after the other. Objects that stay as they are must stay
 * the same objects: only others are looked at. What stays as it is in the plan is the same object, too. Each stage owns
 * what it remembers: which policies count, the evaluator that follows the cluster, the identities of addresses, rule sets.
 */
export class NodePlanner {
  readonly #node: string;
  readonly #selection: PolicySelection;
  readonly #budgets: Budgets;
  readonly #isAlone: boolean;
  #pods: FollowedPods;
  readonly #withAddresses = sameForSame((pods: readonly Pod[]) => pods.filter(({ addresses }) => addresses.length > 0));
  #followed = new FollowedCluster();
  #ruleSets: RuleSetStore;
  #answering: Answering | undefined;
  #series = 1;
  #names = new ShortNames();
  #judged = new JudgedPods();
  readonly #inUse = sameForSame(inUse);
  #localPods: NodePlan["localPods"] = new Map();

  /**
   * One that `isAlone` sees a single state: it answers only what rules ask, and calls it so that its plan can be compared with another's. Any
   * other answers what rules may ask before long too, so that less moves when they do.
   */
  constructor(node: string, budgets: Budgets = defaultBudgets, { isAlone = false } = {}) {
    this.#node = node;
    this.#budgets = budgets;
    this.#isAlone = isAlone;
    this.#selection = new PolicySelection(budgets);
    this.#pods = new FollowedPods(node);
    this.#ruleSets = new RuleSetStore(budgets);
  }

  /**
   * What the node must enforce in this state. Pods whose policies ask too much of a node are closed, and the rest is as if
   * those policies did not select them. Where pods are a list, all of them are looked at.
   */
  plan(cluster: Cluster | ClusterState, links: NodeLinks): NodePlan {
    try {
      return this.#planNext(isState(cluster) ? cluster : clusterState(cluster), links);
    } catch (error) {
      // Some stages may have taken the state in and others not: what would be planned from there may allow anything.
      this.#pods = new FollowedPods(this.#node);
      this.#followed = new FollowedCluster();
      this.#ruleSets = new RuleSetStore(this.#budgets);
      this.#judged = new JudgedPods();
      this.#answering = undefined;
      throw error;
    }
  }

  #planNext(cluster: ClusterState, links: NodeLinks): NodePlan {
    const node = this.#node;
    const pods = this.#pods.follow(cluster.pods);
    const local = this.#withAddresses(this.#pods.local);
    const selected = this.#selection.of(cluster, local);
    const change = this.#followed.follow(cluster, pods, this.#isAlone ? selected.judging : selected.foreseen);
    const judged = this.#judged.follow(local, selected, change, links);
    const { identities, built } = this.#build(change, judged.judges, selected);
    const refused = withRefused(selected.refused, judged.pods, built.refused);
    const localPods =
      refused.size === 0 ? judged.pods : sameWhereSame(this.#localPods, withClosed(judged.pods, local, refused, links));
    this.#localPods = localPods;
    return {
      node,
      identities: identities.identities,
      atoms: identities.atoms,
      podIdentities: identities.podIdentities,
      ruleSets: this.#inUse(localPods, built.ruleSets, refused),
      localPods,
      refused,
      localRanges: cluster.nodes.get(node)?.podCidrs ?? [],
      ...(links.podInterfacePrefix === undefined ? {} : { podInterfacePrefix: links.podInterfacePrefix }),
    };
  }

  /** Sorts addresses into identities, and works out what each rule set allows them. */
  #build(change: FollowedChange, judges: ReadonlyMap<string, Judge>, { foreseen }: Selected) {
    const answering = (change.isAnew ? undefined : this.#answering) ?? this.#answerAnew(change.evaluator);
    this.#answering = answering;
    const { identities } = answering;
    const hasMore = answering.follow({ ...change, judges, foreseen });
    let built = this.#ruleSets.follow(judges, identities);
    if (built.refused.size > 0 && hasMore) {
      // Nobody is refused for what no rule asks.
      answering.forget();
      built = this.#ruleSets.follow(judges, identities);
    }
    return { identities, built };
  }

  #answerAnew(evaluator: FastEvaluator): Answering {
    const series = `pods ${this.#series++}`;
    if (this.#isAlone) return new Answering(evaluator, { series, names: longNames, foresees: false });
    this.#names = new ShortNames(this.#names.last);
    return new Answering(evaluator, { series, names: this.#names, foresees: true });
  }
}

function isState(cluster: Cluster | ClusterState): cluster is ClusterState {
  return cluster.pods instanceof SharedMap;
}

/** A node's pods in their order, those closed that are refused. */
function withClosed(
  judged: ReadonlyMap<string, LocalPod>,
  local: readonly Pod[],
  refused: NodePlan["refused"],
  links: NodeLinks,
): ReadonlyMap<string, LocalPod> {
  return new Map(
    local.map((pod) => {
      const key = podKey(pod);
      return [key, (refused.has(key) ? undefined : judged.get(key)) ?? closedPod(pod, links)];
    }),
  );
}

/** With those for whom a rule set is needed that this node cannot keep. */
function withRefused(
  before: NodePlan["refused"],
  judged: ReadonlyMap<string, LocalPod>,
  ruleSets: NodePlan["refused"],
): NodePlan["refused"] {
  if (ruleSets.size === 0) return before;
  const refused = new Map(before);
  for (const [key, pod] of judged) {
    const because = ruleSetsOf(pod).flatMap((rules) => ruleSets.get(rules) ?? [])[0];
    if (because !== undefined) refused.set(key, because);
  }
  return refused;
}

/** The rule sets that judge somebody. */
function inUse(
  pods: NodePlan["localPods"],
  built: NodePlan["ruleSets"],
  refused: NodePlan["refused"],
): NodePlan["ruleSets"] {
  // Nobody is closed, and all that is built is for somebody.
  if (refused.size === 0) return built;
  const keys = new Set([...pods.values()].flatMap(ruleSetsOf));
  return new Map([...built, ...closedRuleSets].filter(([key]) => keys.has(key)));
}
