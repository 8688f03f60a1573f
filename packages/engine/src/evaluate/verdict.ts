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
}

export type Reason =
  /** This end is not a pod that policies can select: an outside address, a hostNetwork or a completed pod. */
  | { readonly kind: "not-a-subject"; readonly why: "address" | "hostNetwork" | "completed" }
  /** A pod always reaches itself. */
  | { readonly kind: "self" }
  /** A node always reaches its own pods, and they reach it. */
  | { readonly kind: "own-node" }
  /** No policy selects the pod for this direction. */
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
