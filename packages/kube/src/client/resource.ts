/** A kind of object, as the API's paths name it. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** As `networkpolicies`. */
  readonly plural: string;
}

export interface ResourceName {
  /** Undefined or empty: of the cluster, or for lists all namespaces. */
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  /** As `status`. */
  readonly subresource?: string | undefined;
}

/** The kinds podwall reads. */
export const resources = {
  namespaces: { group: "", version: "v1", plural: "namespaces" },
  nodes: { group: "", version: "v1", plural: "nodes" },
  pods: { group: "", version: "v1", plural: "pods" },
  services: { group: "", version: "v1", plural: "services" },
  networkPolicies: { group: "networking.k8s.io", version: "v1", plural: "networkpolicies" },
  clusterNetworkPolicies: { group: "policy.networking.k8s.io", version: "v1alpha2", plural: "clusternetworkpolicies" },
} as const satisfies Readonly<Record<string, Resource>>;

/** The path of a resource, or of one object of it: `/api/v1/namespaces/a/pods/b/status`. */
export function pathOf(
  { group, version, plural }: Resource,
  { namespace, name, subresource }: ResourceName = {},
): string {
  const prefix = group === "" ? ["api", version] : ["apis", group, version];
  const scope = namespace === undefined || namespace === "" ? [] : ["namespaces", namespace];
  const rest = [plural, name, subresource].filter((part) => part !== undefined);
  return [...prefix, ...scope, ...rest].map((part) => `/${encodeURIComponent(part)}`).join("");
}
