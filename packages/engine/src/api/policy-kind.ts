import type { ClusterPolicyKind } from "../model/cluster-policy.ts";

export type PolicyKind = "NetworkPolicy" | ClusterPolicyKind;

/** The one version of each kind of policies that podwall reads. */
export const policyVersions: Readonly<Record<PolicyKind, string>> = {
  NetworkPolicy: "networking.k8s.io/v1",
  ClusterNetworkPolicy: "policy.networking.k8s.io/v1alpha2",
  AdminNetworkPolicy: "policy.networking.k8s.io/v1alpha1",
  BaselineAdminNetworkPolicy: "policy.networking.k8s.io/v1alpha1",
};

/**
 * The kind of policies an object means to be, whatever its version, also where it leaves `apiVersion` out. Others
 * have kinds of these names too; theirs are in API groups that are not Kubernetes' own.
 */
export function policyKindOf(apiVersion: string, kind: string): PolicyKind | undefined {
  const known = (Object.keys(policyVersions) as PolicyKind[]).find((one) => one === kind);
  return known !== undefined && isKubernetesGroup(apiVersion) ? known : undefined;
}

/** API groups without a dot, and those under `k8s.io`, are kept for Kubernetes. */
function isKubernetesGroup(apiVersion: string): boolean {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return !group.includes(".") || group.endsWith(".k8s.io");
}
