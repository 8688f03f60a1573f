import type { ClusterPolicy, TierAction, TierPeer, TierRule } from "../model/cluster-policy.ts";
import type { Direction, NetworkPolicy, PolicyPeer, PolicyPort, PolicyRule } from "../model/network-policy.ts";
import type { Connection } from "./connection.ts";

/** The answer for one connection: allowed when both directions allow it. */
export interface Verdict {
  readonly connection: Connection;
  readonly allowed: boolean;
  /** The source's side. */
  readonly egress: DirectionVerdict;
  /** The destination's side. */
  readonly ingress: DirectionVerdict;
}

/** What one end's policies say, and why. */
export interface DirectionVerdict {
  readonly direction: Direction;
  readonly allowed: boolean;
  readonly reason: Reason;
  /** Rules that left their tier undecided on the way: at most one of each tier. */
  readonly passed: readonly TierMatch[];
}

export type Reason =
  /** This end is not a pod that policies can select: an outside address, a hostNetwork or a completed pod. */
  | { readonly kind: "not-a-subject"; readonly why: "address" | "hostNetwork" | "completed" }
  /** A pod always reaches itself. */
  | { readonly kind: "self" }
  /** A node always reaches its own pods; what they send there NetworkPolicy does not judge, and no tier denies. */
  | { readonly kind: "own-node" }
  /** The first rule of a tier that matches, and it decides. */
  | { readonly kind: "accepted-by-tier" | "denied-by-tier"; readonly match: TierMatch }
  /** No policy selects the pod for this direction, and no tier decides. */
  | { readonly kind: "not-isolated" }
  /** Isolated, and at least one rule allows it. */
  | {
      readonly kind: "allowed-by-rule";
      readonly isolatedBy: readonly NetworkPolicy[];
      readonly matches: readonly RuleMatch[];
    }
  /** Isolated, and no rule allows it. */
  | {
      readonly kind: "no-rule-matches";
      readonly isolatedBy: readonly NetworkPolicy[];
      readonly misses: readonly RuleMiss[];
    };

/** A rule of a tier that matches, and the items of it that do; the port is absent where it lists none. */
export interface TierMatch {
  readonly policy: ClusterPolicy;
  readonly rule: TierRule;
  /** What it does: `Deny` in place of the rule's own where something is not known. */
  readonly action: TierAction;
  readonly peer: TierPeer;
  readonly port?: PolicyPort;
}

/** A rule that allows the connection, with the peer and port items that matched; absent where the list is empty. */
export interface RuleMatch {
  readonly policy: NetworkPolicy;
  readonly rule: PolicyRule;
  readonly peer?: PolicyPeer;
  readonly port?: PolicyPort;
}

/** A rule that does not allow the connection, and which of its two halves fail. */
export interface RuleMiss {
  readonly policy: NetworkPolicy;
  readonly rule: PolicyRule;
  readonly peersMatch: boolean;
  readonly portsMatch: boolean;
}
