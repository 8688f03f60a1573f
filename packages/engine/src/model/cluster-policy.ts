import type { Cidr } from "../net/cidr.ts";
import type { SourceRange } from "../source/source-file.ts";
import type { PolicyPort } from "./network-policy.ts";
import type { LabelSelector } from "./selector.ts";

/** Admin rules come before every NetworkPolicy, Baseline rules after. */
export type Tier = "Admin" | "Baseline";

/** `Pass` leaves the tier undecided. */
export type TierAction = "Accept" | "Deny" | "Pass";

/**
 * A policy of a whole cluster: ClusterNetworkPolicy (policy.networking.k8s.io/v1alpha2), or AdminNetworkPolicy or
 * BaselineAdminNetworkPolicy (v1alpha1), in one form. A direction without rules is not affected.
 */
export interface ClusterPolicy {
  readonly kind: ClusterPolicyKind;
  readonly name: string;
  readonly tier: Tier;
  /** 0 to 1000; the lower number comes first. The one BaselineAdminNetworkPolicy has none and counts as 1000. */
  readonly priority: number;
  readonly subject: PodSelection;
  /** In order: the first that matches decides. */
  readonly ingress: readonly TierRule[];
  readonly egress: readonly TierRule[];
  /** Why this stands in for a policy that cannot be used: it denies everything to and from its subjects. */
  readonly closedBecause?: string;
  readonly range?: SourceRange;
}

export type ClusterPolicyKind = "ClusterNetworkPolicy" | "AdminNetworkPolicy" | "BaselineAdminNetworkPolicy";

/** Pods of the selected namespaces: all of them where `podSelector` is absent. */
export interface PodSelection {
  readonly namespaceSelector: LabelSelector;
  readonly podSelector?: LabelSelector;
}

/** One item of `spec.ingress` or `spec.egress`: holds when a peer and a port match. */
export interface TierRule {
  /** Such as `spec.ingress[0]`. */
  readonly path: string;
  readonly name?: string;
  readonly action: TierAction;
  readonly peers: readonly TierPeer[];
  /** An empty list is all traffic, ICMP included. */
  readonly ports: readonly PolicyPort[];
  readonly range?: SourceRange;
}

/** One item of a rule's `from` or `to`. */
export type TierPeer = SelectedPodsPeer | NetworksPeer | NodesPeer | DomainNamesPeer | UnknownPeer;

interface TierPeerSource {
  /** Such as `spec.ingress[0].from[1]`. */
  readonly path: string;
  readonly range?: SourceRange;
}

export interface SelectedPodsPeer extends PodSelection, TierPeerSource {
  readonly kind: "selected-pods";
}

/** Addresses in one of the networks, whoever has them; pods too. */
export interface NetworksPeer extends TierPeerSource {
  readonly kind: "networks";
  readonly networks: readonly Cidr[];
}

/** The addresses of the selected nodes. */
export interface NodesPeer extends TierPeerSource {
  readonly kind: "nodes";
  readonly nodeSelector: LabelSelector;
}

/** Names, or `*.` and a suffix, of what is reached by name. No address can be told to match. */
export interface DomainNamesPeer extends TierPeerSource {
  readonly kind: "domain-names";
  readonly domainNames: readonly string[];
}

/**
 * A peer of a kind that is not known, as a newer API has: no Accept rule matches it, and Deny and Pass rules deny it
 * (the API's "fail closed").
 */
export interface UnknownPeer extends TierPeerSource {
  readonly kind: "unknown";
}
