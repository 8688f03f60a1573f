import { type Cluster, undeclaredNamespace } from "../../model/cluster.ts";
import type { Pod } from "../../model/pod.ts";
import type { Labels } from "../../model/selector.ts";

/** A pod that is not there yet: where it would be, and with which labels. */
export interface NewPod {
  readonly namespace: string;
  readonly labels: Labels;
}

/** What a pod that is not there yet is called, unless one is called so. */
export const newPodName = "new-pod";

/** A cluster with one more pod, of which the node, the address and the ports are not known. */
export function withNewPod(
  cluster: Cluster,
  { namespace, labels }: NewPod,
  wanted = newPodName,
): { readonly cluster: Cluster; readonly pod: Pod } {
  let name = wanted;
  while (cluster.pods.some((pod) => pod.namespace === namespace && pod.name === name)) name += "-x";
  const pod: Pod = {
    kind: "Pod",
    namespace,
    name,
    labels,
    hostNetwork: false,
    completed: false,
    addresses: [],
    ports: [],
  };
  const namespaces = cluster.namespaces.has(namespace)
    ? cluster.namespaces
    : new Map([...cluster.namespaces, [namespace, undeclaredNamespace(namespace)]]);
  return { cluster: { ...cluster, namespaces, pods: [...cluster.pods, pod] }, pod };
}
