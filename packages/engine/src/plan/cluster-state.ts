import type { Cluster } from "../model/cluster.ts";
import { type Pod, podKey } from "../model/pod.ts";
import { SharedMap } from "./shared-map.ts";

/**
 * One state of a cluster that changes. It shares with the state it was made of what they have in common of their pods, of which
 * there are most: to make it, and to tell the two apart, takes the time of the pods that differ.
 */
export interface ClusterState extends Omit<Cluster, "pods"> {
  /** By `namespace/name`. */
  readonly pods: SharedMap<Pod>;
}

/** A cluster as a state of its own, which shares nothing: it takes the time of all pods to tell it from another. */
export function clusterState({ pods, ...cluster }: Cluster): ClusterState {
  return { ...cluster, pods: SharedMap.empty<Pod>().with(pods.map((pod) => [podKey(pod), pod])) };
}
