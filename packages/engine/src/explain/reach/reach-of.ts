import type { Endpoint } from "../../evaluate/connection.ts";
import { endpointOf } from "../../evaluate/endpoint-of.ts";
import { FastEvaluator } from "../../evaluate/fast/fast-evaluator.ts";
import { namedDestinations } from "../../evaluate/named-destinations.ts";
import type { Cluster } from "../../model/cluster.ts";
import { type Pod, isSamePod, podKey } from "../../model/pod.ts";
import { type ConnectionSet, allConnections, formatConnections, intersect, isEmpty } from "../../net/connection-set.ts";
import type { Reach, ReachedPods } from "./reach.ts";
import { reachedAddresses } from "./reached-addresses.ts";

/**
 * Everybody that an end may exchange something with, as its source or as its destination: each pod as itself, and all
 * addresses exactly. A pod is met at its first address of a family that the end has. With `only`, as if nothing else
 * were ever sent.
 */
export function reachOf(cluster: Cluster, end: Endpoint, as: Reach["as"], only: ConnectionSet = allConnections): Reach {
  const evaluator = new FastEvaluator(cluster);
  const between = (other: Endpoint): ConnectionSet =>
    intersect(only, as === "source" ? evaluator.connections(end, other) : evaluator.connections(other, end));
  const found = new Map<string, { name: string; pods: Pod[]; connections: ConnectionSet }>();
  let closedPods = 0;
  for (const pod of cluster.pods) {
    if (pod.completed || (end.kind === "pod" && isSamePod(end.pod, pod))) continue;
    const connections = between(meeting(pod, end));
    if (isEmpty(connections)) {
      closedPods++;
      continue;
    }
    const name = ownerKey(pod);
    const key = `${pod.workload?.kind ?? "Pod"} ${name} ${formatConnections(connections)}`;
    const same = found.get(key);
    if (same === undefined) found.set(key, { name, pods: [pod], connections });
    else same.pods.push(pod);
  }
  const pods: readonly ReachedPods[] = [...found.values()];
  const addresses = end.kind === "pod" ? reachedAddresses(cluster, evaluator, end.pod, as, only) : [];
  const named = as === "source" && end.kind === "pod" ? namedDestinations(cluster, end.pod) : [];
  const names = named
    .map((one) => ({ ...one, connections: intersect(only, one.connections) }))
    .filter(({ connections }) => !isEmpty(connections));
  return { end, as, pods, closedPods, addresses, names };
}

/** `namespace/name` of a pod's workload, or of the pod. */
export function ownerKey(pod: Pod): string {
  return pod.workload === undefined ? podKey(pod) : `${pod.namespace}/${pod.workload.name}`;
}

function meeting(pod: Pod, end: Endpoint): Endpoint {
  return endpointOf(pod, pod.addresses.length > 1 ? end.address?.family : undefined);
}
