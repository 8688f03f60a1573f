import type { Cluster } from "../model/cluster.ts";
import type { NetworkPolicy } from "../model/network-policy.ts";
import type { AnyPolicy } from "./policy-cost.ts";

/** A cluster in which only these policies are. */
export function withPolicies(cluster: Cluster, policies: Iterable<AnyPolicy>): Cluster {
  const all = [...policies];
  const isOfNamespace = (policy: AnyPolicy): policy is NetworkPolicy => policy.kind === "NetworkPolicy";
  return {
    ...cluster,
    policies: all.filter(isOfNamespace),
    clusterPolicies: all.filter((policy) => policy.kind !== "NetworkPolicy"),
  };
}
