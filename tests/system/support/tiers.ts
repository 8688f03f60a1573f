import {
  type ClusterPolicy,
  type PolicyPort,
  type Tier,
  type TierAction,
  type TierPeer,
  type TierRule,
  parseCidr,
} from "../../../packages/engine/src/index.ts";
import { app } from "./clusters.ts";

/** A rule for a policy below; no ports are everything. */
export interface TestTierRule {
  readonly action: TierAction;
  readonly peers: readonly TierPeer[];
  readonly ports?: readonly PolicyPort[];
}

/** A policy of a tier for all pods labelled `subjects`, whatever their namespace. */
export function testTier(
  tier: Tier,
  subjects: string,
  rules: { readonly ingress?: readonly TestTierRule[]; readonly egress?: readonly TestTierRule[] },
  priority = 10,
): ClusterPolicy {
  const list = (some: readonly TestTierRule[] = []): TierRule[] =>
    some.map(({ action, peers, ports = [] }, index) => ({ path: `rule[${index}]`, action, peers, ports }));
  return {
    kind: "ClusterNetworkPolicy",
    name: `${tier.toLowerCase()}-${subjects}-${priority}`,
    tier,
    priority,
    subject: { namespaceSelector: { requirements: [] }, podSelector: app(subjects) },
    ingress: list(rules.ingress),
    egress: list(rules.egress),
  };
}

/** Pods labelled so, of any namespace. */
export const selectedPods = (label: string): TierPeer => ({
  kind: "selected-pods",
  path: "peer",
  namespaceSelector: { requirements: [] },
  podSelector: app(label),
});

export function networks(...texts: readonly string[]): TierPeer {
  return { kind: "networks", path: "peer", networks: texts.map((text) => parseCidr(text).cidr!) };
}

export const anyNode: TierPeer = { kind: "nodes", path: "peer", nodeSelector: { requirements: [] } };
