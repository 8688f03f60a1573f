import { endpointOf } from "../../evaluate/endpoint-of.ts";
import { type Pod, isPolicyPod, isSamePod } from "../../model/pod.ts";
import type { PairAnswer } from "../unknown/pair-answer.ts";
import type { EndAnswers } from "./end-answers.ts";
import { ownerKey } from "./reach-of.ts";

/** Pods of one workload that nothing tells apart but the nodes that they run on. */
export interface PodGroup {
  readonly name: string;
  readonly pods: readonly [Pod, ...Pod[]];
  /** Groups of one sort are treated alike by all, but for nodes. */
  readonly sort: number;
  /** Whether policies can see them, so that their nodes matter only to those which they cannot. */
  readonly isSeen: boolean;
  /** A pod on each node; the one whose node is not known is under "". */
  readonly byNode: ReadonlyMap<string, Pod>;
}

/** One pod as a group. */
export function groupOf(answers: EndAnswers, pods: readonly [Pod, ...Pod[]]): PodGroup {
  const [pod] = pods;
  const byNode = new Map(pods.toReversed().map((one) => [one.node ?? "", one]));
  return { name: ownerKey(pod), pods, sort: answers.sortOf(pod), isSeen: isPolicyPod(pod), byNode };
}

/** All running pods but one. */
export function podGroups(answers: EndAnswers, start: Pod): readonly PodGroup[] {
  const groups = new Map<string, [Pod, ...Pod[]]>();
  for (const pod of answers.cluster.pods) {
    if (pod.completed || isSamePod(pod, start)) continue;
    const key = `${pod.workload?.kind} ${ownerKey(pod)} ${answers.sortOf(pod)}`;
    const same = groups.get(key);
    if (same === undefined) groups.set(key, [pod]);
    else same.push(pod);
  }
  return [...groups.values()].map((pods) => groupOf(answers, pods));
}

/** What a pod of one group may send to one of another; where one is on a node that the other has pods on, to its own node. */
export function betweenGroups(answers: EndAnswers, from: PodGroup, to: PodGroup): PairAnswer {
  const [source, destination] = [nearest(from, to), nearest(to, from)];
  const own = endpointOf(source);
  const other =
    destination.addresses.length > 1 ? endpointOf(destination, own.address?.family) : endpointOf(destination);
  return answers.between(own, other);
}

/** The pod that runs where a group in its nodes' networks does. */
function nearest(group: PodGroup, other: PodGroup): Pod {
  if (!group.isSeen || other.isSeen) return group.pods[0];
  return group.byNode.get(other.pods[0].node ?? "") ?? group.byNode.get("") ?? group.pods[0];
}
