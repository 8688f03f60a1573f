import type { ClusterNode, Namespace, Service } from "../model/cluster.ts";
import type { NetworkPolicy } from "../model/network-policy.ts";
import type { Pod } from "../model/pod.ts";
import type { Workload } from "../model/workload.ts";

/** Every kind of object podwall understands. */
export type ApiObject = NetworkPolicy | Namespace | Pod | Workload | Service | ClusterNode;
