import { type Resource, resources } from "@podwall/kube";

/** A kind that is read from a cluster. */
export interface LiveKind {
  readonly resource: Resource;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Whether there is no answer at all without it. */
  readonly needed: boolean;
}

function kindIn(group: string, version: string, kind: string, plural: string, namespaced: boolean): LiveKind {
  return { resource: { group, version, plural }, kind, namespaced, needed: false };
}

const admin = "policy.networking.k8s.io";
const webhooks = "admissionregistration.k8s.io";
const gateway = "gateway.networking.k8s.io";

/** Everything of a cluster that podwall looks at, and nothing else: no Secret, no ConfigMap. */
export const liveKinds: readonly LiveKind[] = [
  { resource: resources.namespaces, kind: "Namespace", namespaced: false, needed: false },
  { resource: resources.nodes, kind: "Node", namespaced: false, needed: false },
  { resource: resources.pods, kind: "Pod", namespaced: true, needed: true },
  { resource: resources.services, kind: "Service", namespaced: true, needed: false },
  { resource: resources.networkPolicies, kind: "NetworkPolicy", namespaced: true, needed: true },
  { resource: resources.clusterNetworkPolicies, kind: "ClusterNetworkPolicy", namespaced: false, needed: false },
  kindIn(admin, "v1alpha1", "AdminNetworkPolicy", "adminnetworkpolicies", false),
  kindIn(admin, "v1alpha1", "BaselineAdminNetworkPolicy", "baselineadminnetworkpolicies", false),
  kindIn("networking.k8s.io", "v1", "Ingress", "ingresses", true),
  kindIn(gateway, "v1", "Gateway", "gateways", true),
  kindIn(gateway, "v1", "HTTPRoute", "httproutes", true),
  kindIn(gateway, "v1", "GRPCRoute", "grpcroutes", true),
  kindIn(gateway, "v1beta1", "ReferenceGrant", "referencegrants", true),
  kindIn(webhooks, "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", false),
  kindIn(webhooks, "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", false),
  kindIn("monitoring.coreos.com", "v1", "ServiceMonitor", "servicemonitors", true),
  kindIn("monitoring.coreos.com", "v1", "PodMonitor", "podmonitors", true),
  // Policies of other makers change answers, and are not judged by: the answer must say so.
  kindIn("cilium.io", "v2", "CiliumNetworkPolicy", "ciliumnetworkpolicies", true),
  kindIn("cilium.io", "v2", "CiliumClusterwideNetworkPolicy", "ciliumclusterwidenetworkpolicies", false),
  kindIn("crd.projectcalico.org", "v1", "NetworkPolicy", "networkpolicies", true),
  kindIn("crd.projectcalico.org", "v1", "GlobalNetworkPolicy", "globalnetworkpolicies", false),
  kindIn("crd.antrea.io", "v1beta1", "NetworkPolicy", "networkpolicies", true),
  kindIn("crd.antrea.io", "v1beta1", "ClusterNetworkPolicy", "clusternetworkpolicies", false),
  kindIn("security.istio.io", "v1", "AuthorizationPolicy", "authorizationpolicies", true),
];

export function apiVersionOf({ resource: { group, version } }: LiveKind): string {
  return group === "" ? version : `${group}/${version}`;
}
