import type { Cluster } from "../model/cluster.ts";
import type { Tier } from "../model/cluster-policy.ts";
import type { Direction } from "../model/network-policy.ts";
import { type ConnectionSet, allConnections, intersect, noConnections, union } from "../net/connection-set.ts";
import type { Endpoint } from "./connection.ts";
import { portsOfRule } from "./ports-of-rule.ts";
import { alwaysAllowed, isOwnNode, isolatingPolicies, matchingPeer } from "./reference-evaluator.ts";
import { type TierDecision, tierDecision } from "./tier-decision.ts";

/** Everything that may pass from one end to another: what both directions allow. */
export function connections(cluster: Cluster, source: Endpoint, destination: Endpoint): ConnectionSet {
  return intersect(
    allowedBy(cluster, "egress", source, destination),
    allowedBy(cluster, "ingress", source, destination),
  );
}

/** What one end's policies allow. */
export function allowedBy(
  cluster: Cluster,
  direction: Direction,
  source: Endpoint,
  destination: Endpoint,
): ConnectionSet {
  const [subject, peer] = direction === "egress" ? [source, destination] : [destination, source];
  if (subject.kind === "address" || alwaysAllowed(cluster, subject, peer, direction) !== undefined) {
    return allConnections;
  }
  const { pod } = subject;
  const decidedBy = (tier: Tier): TierDecision =>
    tierDecision(cluster, { tier, direction, subject: pod, peer, destination });
  const admin = decidedBy("Admin");
  const isolating = isOwnNode(cluster, pod, peer) ? [] : isolatingPolicies(cluster, pod, direction);
  if (isolating.length > 0) {
    const allowed = isolating
      .flatMap((policy) => policy[direction].map((rule) => ({ policy, rule })))
      .filter(({ policy, rule }) => matchingPeer(cluster, policy, rule, peer).matches)
      .reduce((sum, { rule }) => union(sum, portsOfRule(rule.ports, destination)), noConnections);
    return union(admin.accepted, intersect(admin.open, allowed));
  }
  const baseline = decidedBy("Baseline");
  return union(admin.accepted, intersect(admin.open, union(baseline.accepted, baseline.open)));
}
