import type { Cluster } from "../../model/cluster.ts";
import { type Pod, isPolicyPod, podKey } from "../../model/pod.ts";
import type { FastEvaluator } from "../../evaluate/fast/fast-evaluator.ts";
import type { PodClass } from "../../evaluate/fast/pod-class.ts";
import type { DiffPods } from "./cluster-diff.ts";
import type { PodChanges } from "./pod-changes.ts";

/** Pods that policies treat alike before, and alike after; of one workload, or of none. */
export interface PodGroup {
  readonly end: DiffPods;
  readonly before?: PodClass;
  readonly after?: PodClass;
  /** Whether a rule that is the same may say another of them now. */
  readonly isOther: boolean;
}

/** A state of a cluster with its evaluator. */
export interface State {
  readonly cluster: Cluster;
  readonly evaluator: FastEvaluator;
}

/** Sorts the pods of two states; in the order in which they are first met, those that are gone last. */
export function podGroups(before: State, after: State, changes: PodChanges): readonly PodGroup[] {
  const was = policyPods(before.cluster);
  const is = policyPods(after.cluster);
  const parts = new Map<string, Part>();
  for (const key of new Set([...is.keys(), ...was.keys()])) {
    const [old, now] = [was.get(key), is.get(key)];
    const pod = (now ?? old) as Pod;
    const oldClass = old && before.evaluator.classOf(old);
    const newClass = now && after.evaluator.classOf(now);
    const owner = pod.workload === undefined ? undefined : `${pod.namespace}/${pod.workload.name}`;
    const id = `${oldClass?.id} ${newClass?.id} ${pod.workload?.kind} ${owner}`;
    let part = parts.get(id);
    if (part === undefined) {
      part = {
        owner,
        pods: [],
        isOther: false,
        ...(oldClass && { before: oldClass }),
        ...(newClass && { after: newClass }),
      };
      parts.set(id, part);
    }
    part.pods.push(pod);
    part.isOther ||= changes.isOther(old, now);
  }
  return named([...parts.values()]);
}

interface Part {
  readonly owner: string | undefined;
  readonly before?: PodClass;
  readonly after?: PodClass;
  readonly pods: Pod[];
  isOther: boolean;
}

function policyPods({ pods }: Cluster): Map<string, Pod> {
  return new Map(pods.filter(isPolicyPod).map((pod) => [podKey(pod), pod]));
}

/** A workload gives its name to the only part that has pods of it. */
function named(parts: readonly Part[]): readonly PodGroup[] {
  const uses = new Map<string, number>();
  for (const { owner } of parts) if (owner !== undefined) uses.set(owner, (uses.get(owner) ?? 0) + 1);
  return parts.map(({ owner, pods, before, after, isOther }) => {
    const [first] = pods as [Pod, ...Pod[]];
    const presence = before === undefined ? "new" : after === undefined ? "gone" : "both";
    const name = owner !== undefined && uses.get(owner) === 1 ? owner : podKey(first);
    const end: DiffPods = { kind: "pods", name, namespace: first.namespace, pods: pods.map(podKey), presence };
    return { end, isOther, ...(before && { before }), ...(after && { after }) };
  });
}
