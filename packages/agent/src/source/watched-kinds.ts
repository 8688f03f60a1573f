import type { RawKind } from "@podwall/engine";
import { type Resource, resources } from "@podwall/kube";

/** A kind of objects that the agent follows. */
export interface WatchedKind extends RawKind {
  readonly resource: Resource;
  /** Whether a cluster may do without: its definition is installed, or not, by whoever runs it. */
  readonly optional: boolean;
}

const adminGroup = { group: "policy.networking.k8s.io", version: "v1alpha1" };

export const watchedKinds: readonly WatchedKind[] = [
  { resource: resources.namespaces, apiVersion: "v1", kind: "Namespace", optional: false },
  { resource: resources.nodes, apiVersion: "v1", kind: "Node", optional: false },
  { resource: resources.pods, apiVersion: "v1", kind: "Pod", optional: false },
  {
    resource: resources.networkPolicies,
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    optional: false,
  },
  {
    resource: resources.clusterNetworkPolicies,
    apiVersion: "policy.networking.k8s.io/v1alpha2",
    kind: "ClusterNetworkPolicy",
    optional: true,
  },
  {
    resource: { ...adminGroup, plural: "adminnetworkpolicies" },
    apiVersion: "policy.networking.k8s.io/v1alpha1",
    kind: "AdminNetworkPolicy",
    optional: true,
  },
  {
    resource: { ...adminGroup, plural: "baselineadminnetworkpolicies" },
    apiVersion: "policy.networking.k8s.io/v1alpha1",
    kind: "BaselineAdminNetworkPolicy",
    optional: true,
  },
];
