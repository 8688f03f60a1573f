import type { Cluster } from "../model/cluster.ts";
import type { Tier, TierAction } from "../model/cluster-policy.ts";
import type { Direction, PolicyPort } from "../model/network-policy.ts";
import type { Pod } from "../model/pod.ts";
import {
  type ConnectionSet,
  allConnections,
  intersect,
  isEmpty,
  noConnections,
  subtract,
  union,
} from "../net/connection-set.ts";
import type { Endpoint } from "./connection.ts";
import { portsOfRule } from "./ports-of-rule.ts";
import { type PlacedRule, isUnknownPod, matchTierPeers, tierRules } from "./tier-rules.ts";

/** What a tier accepts, and what it leaves open; the rest it denies. */
export interface TierDecision {
  readonly accepted: ConnectionSet;
  readonly open: ConnectionSet;
  /** The rules that decide something, in order. */
  readonly steps: readonly TierStep[];
}

/** A rule, and the connections it is the first to match. */
export interface TierStep extends PlacedRule {
  readonly action: TierAction;
  readonly decides: ConnectionSet;
}

/** One side of a pair, as a tier sees it. */
export interface TierQuestion {
  readonly tier: Tier;
  readonly direction: Direction;
  readonly subject: Pod;
  readonly peer: Endpoint;
  /** The subject or the peer, by direction. */
  readonly destination: Endpoint;
}

/** What a tier decides of everything between a subject and a peer. */
export function tierDecision(cluster: Cluster, question: TierQuestion): TierDecision {
  const { tier, direction, subject, peer, destination } = question;
  const steps: TierStep[] = [];
  const by: Record<TierAction, ConnectionSet> = { Accept: noConnections, Deny: noConnections, Pass: noConnections };
  let undecided = allConnections;
  for (const { policy, rule } of tierRules(cluster, subject, tier, direction)) {
    for (const { action, failsClosed } of matchTierPeers(cluster, rule, peer)) {
      const closes = failsClosed && isUnknownPod(cluster, destination);
      const ports = portsOfRule(closes ? rule.ports.map(anyPort) : rule.ports, destination);
      const decides = intersect(undecided, ports);
      if (isEmpty(decides)) continue;
      steps.push({ policy, rule, action, decides });
      undecided = subtract(undecided, decides);
      by[action] = union(by[action], decides);
    }
  }
  return { accepted: by.Accept, open: union(undecided, by.Pass), steps };
}

/** A pod that is not known may have a name for any port. */
function anyPort(item: PolicyPort): PolicyPort {
  return item.port.kind === "named" ? { ...item, port: { kind: "all" } } : item;
}
