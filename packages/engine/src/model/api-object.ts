import type { ClusterNode, Namespace, Service } from "./cluster.ts";
import type { ClusterPolicy } from "./cluster-policy.ts";
import type { NetworkPolicy } from "./network-policy.ts";
import type { Pod } from "./pod.ts";
import type { Monitor } from "./monitor.ts";
import type { WebhookConfiguration } from "./webhook-configuration.ts";
import type { Workload } from "./workload.ts";

/** An object of a kind that podwall knows, decoded. */
export type ApiObject =
  | NetworkPolicy
  | ClusterPolicy
  | Namespace
  | Pod
  | Workload
  | Service
  | ClusterNode
  | WebhookConfiguration
  | Monitor;
