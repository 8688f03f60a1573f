import type { ApiObject } from "./api-object.ts";
import { type Cluster, type ClusterNode, type Namespace, type Service, undeclaredNamespace } from "./cluster.ts";
import { expandWorkload } from "./expand-workload.ts";
import type { ClusterPolicy } from "./cluster-policy.ts";
import type { NetworkPolicy } from "./network-policy.ts";
import { type Pod, podKey } from "./pod.ts";
import type { Workload } from "./workload.ts";

export interface ClusterOptions {
  /** How many pods stand for a workload that is not a DaemonSet; by default `representatives`. */
  readonly replicas?: (workload: Workload) => number;
}

/** At most this many pods stand for a StatefulSet, whose pods may be told apart by labels. */
const mostOrdinals = 10;

/**
 * Two pods for a workload of several, because its pods are alike, and two of them show what they may exchange with each
 * other; as many as the manifest says where they are not alike.
 */
export function representatives(workload: Workload): number {
  const { kind, replicas = 1 } = workload;
  return Math.min(replicas, kind === "StatefulSet" ? mostOrdinals : 2);
}

/** A snapshot of these objects. A namespace that is only named is made up, with the one label it is sure to have. */
export function clusterFrom(objects: readonly ApiObject[], options: ClusterOptions = {}): Cluster {
  const { replicas = representatives } = options;
  const namespaces = new Map<string, Namespace>();
  const nodes = new Map<string, ClusterNode>();
  const services: Service[] = [];
  const policies: NetworkPolicy[] = [];
  const clusterPolicies: ClusterPolicy[] = [];
  const pods = new Map<string, Pod>();
  const workloads: Workload[] = [];
  for (const object of objects) {
    switch (object.kind) {
      case "Namespace":
        namespaces.set(object.name, object);
        break;
      case "Node":
        nodes.set(object.name, object);
        break;
      case "Service":
        services.push(object);
        break;
      case "NetworkPolicy":
        policies.push(object);
        break;
      case "ClusterNetworkPolicy":
      case "AdminNetworkPolicy":
      case "BaselineAdminNetworkPolicy":
        clusterPolicies.push(object);
        break;
      case "Pod":
        pods.set(podKey(object), object);
        break;
      // These say who calls pods; no verdict depends on them.
      case "ValidatingWebhookConfiguration":
      case "MutatingWebhookConfiguration":
      case "ServiceMonitor":
      case "PodMonitor":
        break;
      default:
        workloads.push(object);
    }
  }
  for (const workload of workloads) {
    const made = expandWorkload(workload, { replicas: replicas(workload), nodes: [...nodes.keys()] });
    for (const pod of made) {
      const name = freeName(pod, pods);
      pods.set(podKey({ ...pod, name }), { ...pod, name });
    }
  }
  for (const { namespace } of [...pods.values(), ...services, ...policies, ...workloads]) {
    if (!namespaces.has(namespace)) namespaces.set(namespace, undeclaredNamespace(namespace));
  }
  return { namespaces, pods: [...pods.values()], nodes, services, policies, clusterPolicies };
}

/** A name that no other pod of the namespace has: two workloads, or one and a bare pod, may come to the same. */
function freeName(pod: Pod, taken: ReadonlyMap<string, Pod>): string {
  let name = pod.name;
  while (taken.has(podKey({ ...pod, name }))) name += "-x";
  return name;
}
