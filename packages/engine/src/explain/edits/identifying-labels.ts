import type { Cluster } from "../../model/cluster.ts";
import type { Pod } from "../../model/pod.ts";

/**
 * The fewest labels that select a pod and those of its workload and no others of the namespace; all that do not change
 * from pod to pod where none do.
 */
export function identifyingLabels(cluster: Cluster, pod: Pod): Readonly<Record<string, string>> {
  const stable = [...pod.labels].filter(([key]) => !isMadeUp(key)).sort(byUse);
  const neighbours = cluster.pods.filter(({ namespace }) => namespace === pod.namespace);
  const ownCount = neighbours.filter((other) => isSibling(pod, other)).length;
  const isEnough = (labels: readonly (readonly [string, string])[]): boolean =>
    neighbours.filter((other) => labels.every(([key, value]) => other.labels.get(key) === value)).length === ownCount;
  const singles = stable.map((label) => [label]);
  const pairs = stable.flatMap((label, index) => stable.slice(index + 1).map((other) => [label, other]));
  return Object.fromEntries([...singles, ...pairs].find(isEnough) ?? stable);
}

function isSibling(pod: Pod, other: Pod): boolean {
  const [own, its] = [pod.workload, other.workload];
  return own === undefined ? other.name === pod.name : own.kind === its?.kind && own.name === its.name;
}

/** Labels that controllers add, which are of one pod or one revision. */
function isMadeUp(key: string): boolean {
  return (
    /^(pod-template-hash|controller-revision-hash|pod-template-generation|controller-uid|job-name)$/.test(key) ||
    /^(statefulset|batch|apps)\.kubernetes\.io\//.test(key)
  );
}

const usual = ["app.kubernetes.io/name", "app", "k8s-app", "name", "app.kubernetes.io/component"];

/** Those that people select by first (kubernetes.io/docs, "Recommended Labels"). */
function byUse([a]: readonly [string, string], [b]: readonly [string, string]): number {
  const place = (key: string): number => (usual.includes(key) ? usual.indexOf(key) : usual.length);
  return place(a) - place(b);
}
