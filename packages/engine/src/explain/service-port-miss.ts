import type { Connection } from "../evaluate/connection.ts";
import type { Cluster, ServicePort } from "../model/cluster.ts";
import type { PolicyPort } from "../model/network-policy.ts";
import type { Pod } from "../model/pod.ts";
import type { Labels } from "../model/selector.ts";
import type { ServicePortMiss } from "./miss-cause.ts";

/**
 * Whether a rule names a Service's port where it should name the pod's: packets are judged after the Service's address
 * and port were replaced by the pod's, so a rule with the Service's port allows nothing.
 */
export function servicePortMiss(
  cluster: Cluster,
  item: PolicyPort,
  { destination, protocol, port }: Connection,
): ServicePortMiss | undefined {
  const match = item.port;
  if (destination.kind !== "pod" || match.kind !== "interval") return undefined;
  const { pod } = destination;
  for (const { namespace, name, selector, ports } of cluster.services) {
    if (namespace !== pod.namespace || selector === undefined || !hasLabels(pod.labels, selector)) continue;
    const found = ports.find(
      (own) =>
        own.protocol === protocol &&
        own.port !== port &&
        match.first <= own.port &&
        own.port <= match.last &&
        targetPorts(pod, own).includes(port),
    );
    if (found !== undefined) return { namespace, name, port: found.port, targetPort: port };
  }
  return undefined;
}

function hasLabels(labels: Labels, wanted: Labels): boolean {
  return [...wanted].every(([key, value]) => labels.get(key) === value);
}

function targetPorts(pod: Pod, { protocol, targetPort }: ServicePort): number[] {
  if (typeof targetPort === "number") return [targetPort];
  return pod.ports.filter((own) => own.name === targetPort && own.protocol === protocol).map(({ port }) => port);
}
