import { type Cluster, type Pod, isPolicyPod } from "@podwall/engine";

/** Labels that tell replicas of one template apart, and those of its generations. */
const replicaLabels = new Set([
  "pod-template-hash",
  "controller-revision-hash",
  "statefulset.kubernetes.io/pod-name",
  "apps.kubernetes.io/pod-index",
]);

/** One running pod of each kind: those of a namespace with the same labels and ports are one kind. */
export function podKinds(cluster: Cluster): readonly Pod[] {
  const kinds = new Map<string, Pod>();
  for (const pod of cluster.pods) {
    if (!isPolicyPod(pod) || pod.addresses.length === 0) continue;
    const labels = [...pod.labels]
      .filter(([name]) => !replicaLabels.has(name))
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    const ports = pod.ports.map(({ name, protocol, port }) => `${protocol} ${port} ${name ?? ""}`).toSorted();
    const key = JSON.stringify([pod.namespace, labels, ports]);
    if (!kinds.has(key)) kinds.set(key, pod);
  }
  return [...kinds.values()];
}
