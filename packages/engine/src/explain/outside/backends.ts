import type { Cluster, Service, ServicePort } from "../../model/cluster.ts";
import type { Pod } from "../../model/pod.ts";

/** The running pods that a Service selects; none where it has no selector. */
export function backendsOf(cluster: Cluster, { namespace, selector }: Service): readonly Pod[] {
  if (selector === undefined) return [];
  return cluster.pods.filter(
    (pod) =>
      pod.namespace === namespace &&
      !pod.completed &&
      [...selector].every(([key, value]) => pod.labels.get(key) === value),
  );
}

/** The port of a pod that a Service's port leads to; undefined where the pod declares none of that name. */
export function targetPortOf(pod: Pod, { targetPort, protocol }: ServicePort): number | undefined {
  if (typeof targetPort === "number") return targetPort;
  return pod.ports.find((own) => own.name === targetPort && own.protocol === protocol)?.port;
}
