import type { Endpoint } from "../evaluate/connection.ts";
import { portsOfRule } from "../evaluate/ports-of-rule.ts";
import { alwaysAllowed, isOwnNode, isolatingPolicies, matchingPeer } from "../evaluate/reference-evaluator.ts";
import { type TierStep, tierDecision } from "../evaluate/tier-decision.ts";
import type { Reason } from "../evaluate/verdict.ts";
import type { Cluster } from "../model/cluster.ts";
import type { Tier } from "../model/cluster-policy.ts";
import type { Direction, NetworkPolicy, PolicyRule } from "../model/network-policy.ts";
import type { ConnectionSet } from "../net/connection-set.ts";

/** What one end's policies say about another end, for all protocols and ports at once, in the order of the tiers. */
export interface PairSide {
  readonly direction: Direction;
  /** Why NetworkPolicy has no say; absent where the end is isolated. */
  readonly open?: Reason;
  readonly admin: readonly TierStep[];
  readonly isolatedBy: readonly NetworkPolicy[];
  readonly rules: readonly {
    readonly policy: NetworkPolicy;
    readonly rule: PolicyRule;
    readonly peersMatch: boolean;
    /** What the rule allows where its peers match. */
    readonly allows: ConnectionSet;
  }[];
  /** Asked only where NetworkPolicy has no say. */
  readonly baseline: readonly TierStep[];
}

/** One direction's side of everything between two ends. */
export function pairSide(cluster: Cluster, direction: Direction, source: Endpoint, destination: Endpoint): PairSide {
  const [subject, peer] = direction === "egress" ? [source, destination] : [destination, source];
  const nothing = { direction, admin: [], isolatedBy: [], rules: [], baseline: [] };
  const always = alwaysAllowed(cluster, subject, peer, direction);
  if (always !== undefined || subject.kind === "address") return { ...nothing, ...(always && { open: always }) };
  const { pod } = subject;
  const stepsOf = (tier: Tier): readonly TierStep[] =>
    tierDecision(cluster, { tier, direction, subject: pod, peer, destination }).steps;
  const admin = stepsOf("Admin");
  const ownNode = isOwnNode(cluster, pod, peer);
  const isolatedBy = ownNode ? [] : isolatingPolicies(cluster, pod, direction);
  if (isolatedBy.length === 0) {
    return { ...nothing, open: { kind: ownNode ? "own-node" : "not-isolated" }, admin, baseline: stepsOf("Baseline") };
  }
  const rules = isolatedBy.flatMap((policy) =>
    policy[direction].map((rule) => ({
      policy,
      rule,
      peersMatch: matchingPeer(cluster, policy, rule, peer).matches,
      allows: portsOfRule(rule.ports, destination),
    })),
  );
  return { ...nothing, admin, isolatedBy, rules };
}
