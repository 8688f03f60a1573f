import type { Cluster } from "../model/cluster.ts";
import type { ClusterPolicy, PodSelection, Tier, TierAction, TierPeer, TierRule } from "../model/cluster-policy.ts";
import type { Direction } from "../model/network-policy.ts";
import { type Pod, isPolicyPod } from "../model/pod.ts";
import { selects } from "../model/selector.ts";
import { compareAddresses } from "../net/address.ts";
import { cidrContains } from "../net/cidr.ts";
import type { Endpoint } from "./connection.ts";

/** A rule of a tier, with the policy it is of. */
export interface PlacedRule {
  readonly policy: ClusterPolicy;
  readonly rule: TierRule;
}

/** How a rule's peers match: what it does then, and the item that matched. */
export interface TierPeerMatch {
  /** Whether it matches only because something is not known. */
  readonly failsClosed: boolean;
  /** The rule's own, but for `Deny` where the rule is to fail closed. */
  readonly action: TierAction;
  readonly peer: TierPeer;
}

/**
 * The rules of a tier for a subject in one direction, in the order in which they are tried: by priority, then as listed.
 * Policies of one priority come by name, so that there is an order where the API leaves it open.
 */
export function tierRules(cluster: Cluster, subject: Pod, tier: Tier, direction: Direction): readonly PlacedRule[] {
  return cluster.clusterPolicies
    .filter((policy) => policy.tier === tier && isSelected(cluster, policy.subject, subject))
    .sort(comparePrecedence)
    .flatMap((policy) => policy[direction].map((rule) => ({ policy, rule })));
}

/** Which of two policies of a tier comes first. */
export function comparePrecedence(a: ClusterPolicy, b: ClusterPolicy): number {
  return a.priority - b.priority || compareTexts(a.name, b.name) || compareTexts(a.kind, b.kind);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isSelected(cluster: Cluster, { namespaceSelector, podSelector }: PodSelection, pod: Pod): boolean {
  const namespace = cluster.namespaces.get(pod.namespace);
  if (namespace === undefined || !selects(namespaceSelector, namespace.labels)) return false;
  return podSelector === undefined || selects(podSelector, pod.labels);
}

/**
 * What a rule does to a peer, if it is for that peer at all. What cannot be told fails closed, after what can: a peer of
 * a kind that is not known, and a pod that is not known, are accepted by no rule and denied by every other (API:
 * "consumers must fail closed").
 */
export function matchTierPeers(cluster: Cluster, rule: TierRule, end: Endpoint): readonly TierPeerMatch[] {
  const known = rule.peers.find((peer) => matchesTierPeer(cluster, peer, end));
  const matches = known === undefined ? [] : [{ failsClosed: false, action: rule.action, peer: known }];
  if (rule.action === "Accept") return matches;
  const unknown = rule.peers.find(
    (peer) => peer.kind === "unknown" || (peer.kind === "selected-pods" && isUnknownPod(cluster, end)),
  );
  return unknown === undefined ? matches : [...matches, { failsClosed: true, action: "Deny", peer: unknown }];
}

function matchesTierPeer(cluster: Cluster, peer: TierPeer, end: Endpoint): boolean {
  switch (peer.kind) {
    case "selected-pods":
      return end.kind === "pod" && isPolicyPod(end.pod) && isSelected(cluster, peer, end.pod);
    case "networks": {
      const { address } = end;
      return address !== undefined && peer.networks.some((network) => cidrContains(network, address));
    }
    case "nodes":
      return [...cluster.nodes.values()].some(
        (node) => selects(peer.nodeSelector, node.labels) && isNodeEnd(cluster, node.name, end),
      );
    case "domain-names":
    case "unknown":
      return false;
  }
}

/** Whether an end is a node: one of its addresses, or a hostNetwork pod there. */
export function isNodeEnd(cluster: Cluster, node: string, end: Endpoint): boolean {
  if (end.kind === "pod" && end.pod.hostNetwork && end.pod.node === node) return true;
  const { address } = end;
  const addresses = cluster.nodes.get(node)?.addresses ?? [];
  return address !== undefined && addresses.some((own) => compareAddresses(own, address) === 0);
}

/** Whether an end is an address of some node's pod range that no known pod has. */
export function isUnknownPod(cluster: Cluster, end: Endpoint): boolean {
  if (end.kind === "pod" && isPolicyPod(end.pod)) return false;
  const { address } = end;
  if (address === undefined) return false;
  const nodes = [...cluster.nodes.values()];
  return (
    nodes.some((node) => node.podCidrs.some((range) => cidrContains(range, address))) &&
    !nodes.some((node) => node.addresses.some((own) => compareAddresses(own, address) === 0)) &&
    !cluster.pods.some((pod) => isPolicyPod(pod) && pod.addresses.some((own) => compareAddresses(own, address) === 0))
  );
}
