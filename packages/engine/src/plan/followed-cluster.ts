import { type ClusterChange, FastEvaluator } from "../evaluate/fast/fast-evaluator.ts";
import type { PodClass } from "../evaluate/fast/pod-class.ts";
import { policyKey } from "../evaluate/fast/policy-uses.ts";
import { type Pod, isPolicyPod, podKey } from "../model/pod.ts";
import { namedChanges, replacements } from "./cluster-changes.ts";
import type { ClusterState } from "./cluster-state.ts";
import { type Differences, differences } from "./differences.ts";
import { Judges } from "./judges.ts";
import type { AnyPolicy } from "./policy-cost.ts";
import { withPolicies } from "./with-policies.ts";

/** More changes than this at once are a cluster to begin anew with. */
const manyChanges = 1_000;

/** An evaluator never forgets what was asked once; after so many changes of what is asked it is made anew. */
const mostAsked = 20_000;

/** What a new state of a cluster did. */
export interface FollowedChange {
  /** Whether there is nothing to go on from: the evaluator is another, and all pods came. */
  readonly isAnew: boolean;
  readonly evaluator: FastEvaluator;
  readonly judges: Judges;
  /** Whether pods are all that came, went or became others. */
  readonly isOfPods: boolean;
  /** Those with addresses that policies can see. */
  readonly pods: Differences<Pod>;
  readonly classes: Differences<PodClass>;
  /** Namespaces whose labels are others. */
  readonly namespaces: ReadonlySet<string>;
}

interface Following extends Pick<FollowedChange, "evaluator" | "judges"> {
  readonly cluster: ClusterState;
  readonly policies: ReadonlySet<AnyPolicy>;
  /** How many changes there were that may have asked something new. */
  readonly asked: number;
}

/** An evaluator that is brought from one state of a cluster to the next, of which some policies count. */
export class FollowedCluster {
  #following: Following | undefined;

  /** Takes in the next state, which differs by these pods from the one before. */
  follow(cluster: ClusterState, pods: Differences<Pod>, policies: ReadonlySet<AnyPolicy>): FollowedChange {
    const before = this.#following;
    if (before === undefined) return this.#begin(cluster, policies);
    const namespaces = namedChanges(before.cluster.namespaces, cluster.namespaces);
    const nodes = namedChanges(before.cluster.nodes, cluster.nodes);
    const policyChanges =
      policies === before.policies ? [] : replacements(differences(before.policies, [...policies]), policyKey);
    const asked = before.asked + nodes.length + policyChanges.length;
    const changes = [...namespaces, ...nodes, ...replacements(pods, podKey), ...policyChanges];
    if (changes.length > manyChanges || asked > mostAsked) return this.#begin(cluster, policies);
    const { evaluator, judges } = before;
    const classes = followAll(evaluator, changes);
    this.#following = { ...before, cluster, policies, asked };
    return {
      isAnew: false,
      evaluator,
      judges,
      isOfPods: namespaces.length + nodes.length + policyChanges.length === 0,
      pods: { gone: pods.gone.filter(isMet), came: pods.came.filter(isMet) },
      classes,
      namespaces: new Set(namespaces.map(nameOf)),
    };
  }

  #begin(cluster: ClusterState, policies: ReadonlySet<AnyPolicy>): FollowedChange {
    const pods = cluster.pods.values();
    const evaluator = new FastEvaluator(withPolicies({ ...cluster, pods }, policies));
    const judges = new Judges(evaluator);
    this.#following = { evaluator, judges, cluster, policies, asked: 0 };
    return {
      isAnew: true,
      evaluator,
      judges,
      isOfPods: false,
      pods: { gone: [], came: pods.filter(isMet) },
      classes: { gone: [], came: [...evaluator.classes] },
      namespaces: new Set(),
    };
  }
}

/** Has an evaluator follow changes; gives the classes that came and went by that. */
function followAll(evaluator: FastEvaluator, changes: readonly ClusterChange[]): Differences<PodClass> {
  const came = new Set<PodClass>();
  const gone: PodClass[] = [];
  for (const change of changes) {
    const { pods, origins, created } = evaluator.follow(change);
    for (const podClass of created) came.add(podClass);
    for (const podClass of origins.keys()) came.add(podClass);
    for (const { before } of pods) if (before?.pods.size === 0 && !came.delete(before)) gone.push(before);
  }
  return { gone, came: [...came] };
}

/** Whether packets are met that policies know for this pod's. */
function isMet(pod: Pod): boolean {
  return isPolicyPod(pod) && pod.addresses.length > 0;
}

function nameOf({ before, after }: ClusterChange): string {
  return (after ?? before)?.name ?? "";
}
