import fc from "fast-check";
import type { ClusterPolicy, TierPeer, TierRule } from "../model/cluster-policy.ts";
import { type ClusterFrame, arbitraryCidr, arbitraryPort, arbitrarySelector } from "./arbitrary-parts.ts";

/** Policies of the Admin and Baseline tiers, of every shape; few priorities, so that some are equal. */
export function arbitraryClusterPolicy(frame: ClusterFrame): fc.Arbitrary<ClusterPolicy> {
  return fc
    .record({
      kind: fc.constantFrom("ClusterNetworkPolicy" as const, "AdminNetworkPolicy" as const),
      tier: fc.constantFrom("Admin" as const, "Baseline" as const),
      priority: fc.constantFrom(0, 1, 1000),
      subject: arbitrarySelection,
      ingress: fc.array(arbitraryRule(frame, "ingress"), { maxLength: 3 }),
      egress: fc.array(arbitraryRule(frame, "egress"), { maxLength: 3 }),
    })
    .map((policy) => ({ name: "cluster-policy", ...policy }));
}

const arbitrarySelection = fc
  .record({
    namespaceSelector: arbitrarySelector,
    podSelector: fc.option(arbitrarySelector, { nil: undefined }),
  })
  .map(({ namespaceSelector, podSelector }) => ({ namespaceSelector, ...(podSelector && { podSelector }) }));

function arbitraryRule(frame: ClusterFrame, direction: "ingress" | "egress"): fc.Arbitrary<TierRule> {
  return fc
    .record({
      action: fc.constantFrom("Accept" as const, "Deny" as const, "Pass" as const),
      peers: fc.array(arbitraryTierPeer(frame), { minLength: 1, maxLength: 2 }),
      ports: fc.array(arbitraryPort(frame), { maxLength: 2 }),
    })
    .map((rule) => ({ path: `spec.${direction}[]`, ...rule }));
}

function arbitraryTierPeer(frame: ClusterFrame): fc.Arbitrary<TierPeer> {
  const path = "peer";
  return fc.oneof(
    {
      weight: 6,
      arbitrary: arbitrarySelection.map((selection) => ({ kind: "selected-pods" as const, path, ...selection })),
    },
    {
      weight: 3,
      arbitrary: fc
        .array(arbitraryCidr(frame, 0), { minLength: 1, maxLength: 2 })
        .map((networks) => ({ kind: "networks" as const, path, networks })),
    },
    {
      weight: 2,
      arbitrary: arbitrarySelector.map((nodeSelector) => ({ kind: "nodes" as const, path, nodeSelector })),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom<TierPeer>(
        { kind: "domain-names", path, domainNames: ["example.com"] },
        { kind: "unknown", path },
      ),
    },
  );
}
