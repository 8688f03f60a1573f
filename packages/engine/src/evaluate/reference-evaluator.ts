import type { Cluster } from "../model/cluster.ts";
import type { Tier } from "../model/cluster-policy.ts";
import type { Direction, NetworkPolicy, PolicyPeer, PolicyPort, PolicyRule } from "../model/network-policy.ts";
import { type Pod, isPolicyPod, isSamePod } from "../model/pod.ts";
import { selects } from "../model/selector.ts";
import { cidrContains } from "../net/cidr.ts";
import type { Connection, Endpoint } from "./connection.ts";
import { declaredPorts } from "./declared-ports.ts";
import { type PlacedRule, isNodeEnd, isUnknownPod, matchTierPeers, tierRules } from "./tier-rules.ts";
import type { DirectionVerdict, Reason, RuleMatch, RuleMiss, TierMatch, Verdict } from "./verdict.ts";

/** Judges one new connection: the source's egress and the destination's ingress must both allow it. */
export function verdict(cluster: Cluster, connection: Connection): Verdict {
  const egress = judge(cluster, connection, "egress");
  const ingress = judge(cluster, connection, "ingress");
  return { connection, allowed: egress.allowed && ingress.allowed, egress, ingress };
}

function judge(cluster: Cluster, connection: Connection, direction: Direction): DirectionVerdict {
  const passed: TierMatch[] = [];
  const reason = reasonFor(cluster, connection, direction, passed);
  const allowed = reason.kind !== "no-rule-matches" && reason.kind !== "denied-by-tier";
  return { direction, allowed, reason, passed };
}

/** The Admin tier, then NetworkPolicy, then the Baseline tier; the first that decides. Adds to `passed` what passes. */
function reasonFor(cluster: Cluster, connection: Connection, direction: Direction, passed: TierMatch[]): Reason {
  const { source, destination } = connection;
  const [subject, peer] = direction === "egress" ? [source, destination] : [destination, source];
  const always = alwaysAllowed(cluster, subject, peer, direction);
  // NetworkPolicy keeps no pod from itself. Through a Service its own address is exempt no longer, and the tiers judge.
  const toItself = always?.kind === "self" && connection.throughService === true;
  if ((always !== undefined && !toItself) || subject.kind === "address") return always ?? notAPod;
  const admin = decidedByTier(cluster, connection, subject.pod, "Admin", direction, passed);
  if (admin !== undefined) return admin;
  const ownNode = isOwnNode(cluster, subject.pod, peer);
  const isolatedBy = ownNode || toItself ? [] : isolatingPolicies(cluster, subject.pod, direction);
  if (isolatedBy.length > 0) return decidedByPolicies(cluster, connection, isolatedBy, direction);
  const baseline = decidedByTier(cluster, connection, subject.pod, "Baseline", direction, passed);
  if (toItself) return baseline ?? always;
  return baseline ?? { kind: ownNode ? "own-node" : "not-isolated" };
}

const notAPod: Reason = { kind: "not-a-subject", why: "address" };

/** Why no policy of any tier can keep one end from another; undefined where policies decide. */
export function alwaysAllowed(
  cluster: Cluster,
  subject: Endpoint,
  peer: Endpoint,
  direction: Direction,
): Reason | undefined {
  if (subject.kind === "address") return notAPod;
  const { pod } = subject;
  if (pod.hostNetwork) return { kind: "not-a-subject", why: "hostNetwork" };
  if (pod.completed) return { kind: "not-a-subject", why: "completed" };
  if (peer.kind === "pod" && isSamePod(peer.pod, pod)) return { kind: "self" };
  // Probes come from the own node. What the pod sends there, only NetworkPolicy may not judge.
  if (direction === "ingress" && isOwnNode(cluster, pod, peer)) return { kind: "own-node" };
  return undefined;
}

/** Whether the other end is the node a pod runs on, or something in that node's network. */
export function isOwnNode(cluster: Cluster, pod: Pod, peer: Endpoint): boolean {
  return pod.node !== undefined && isNodeEnd(cluster, pod.node, peer);
}

/** What the first rule of a tier that matches decides; undefined where none matches, or it passes. */
function decidedByTier(
  cluster: Cluster,
  connection: Connection,
  subject: Pod,
  tier: Tier,
  direction: Direction,
  passed: TierMatch[],
): Reason | undefined {
  const match = firstTierMatch(cluster, connection, tierRules(cluster, subject, tier, direction), direction);
  if (match === undefined) return undefined;
  if (match.action !== "Pass")
    return { kind: match.action === "Accept" ? "accepted-by-tier" : "denied-by-tier", match };
  passed.push(match);
  return undefined;
}

function firstTierMatch(
  cluster: Cluster,
  connection: Connection,
  rules: readonly PlacedRule[],
  direction: Direction,
): TierMatch | undefined {
  const peer = direction === "egress" ? connection.destination : connection.source;
  for (const placed of rules) {
    for (const { action, peer: item, failsClosed } of matchTierPeers(cluster, placed.rule, peer)) {
      const closes = failsClosed && isUnknownPod(cluster, connection.destination);
      const ports = firstMatch(
        placed.rule.ports,
        (port) => matchesPort(port, connection) || (closes && isNamed(port, connection)),
      );
      if (ports.matches) {
        return { ...placed, action, peer: item, ...(ports.item === undefined ? {} : { port: ports.item }) };
      }
    }
  }
  return undefined;
}

/** A name that a pod which is not known may have for any port. */
function isNamed({ protocol, port }: PolicyPort, connection: Connection): boolean {
  return port.kind === "named" && protocol === connection.protocol;
}

/** The policies that isolate a pod for a direction: of its namespace, selecting it, and naming the direction. */
export function isolatingPolicies(cluster: Cluster, pod: Pod, direction: Direction): NetworkPolicy[] {
  return cluster.policies.filter(
    (policy) =>
      policy.namespace === pod.namespace &&
      policy.directions.includes(direction) &&
      selects(policy.podSelector, pod.labels),
  );
}

/** NetworkPolicies add up: one rule that allows is enough. */
function decidedByPolicies(
  cluster: Cluster,
  connection: Connection,
  isolatedBy: readonly NetworkPolicy[],
  direction: Direction,
): Reason {
  const peer = direction === "egress" ? connection.destination : connection.source;
  const matches: RuleMatch[] = [];
  const misses: RuleMiss[] = [];
  for (const policy of isolatedBy) {
    for (const rule of policy[direction]) {
      const peers = matchingPeer(cluster, policy, rule, peer);
      const ports = firstMatch(rule.ports, (candidate) => matchesPort(candidate, connection));
      if (!peers.matches || !ports.matches) {
        misses.push({ policy, rule, peersMatch: peers.matches, portsMatch: ports.matches });
        continue;
      }
      matches.push({
        policy,
        rule,
        ...(peers.item === undefined ? {} : { peer: peers.item }),
        ...(ports.item === undefined ? {} : { port: ports.item }),
      });
    }
  }
  return matches.length > 0
    ? { kind: "allowed-by-rule", isolatedBy, matches }
    : { kind: "no-rule-matches", isolatedBy, misses };
}

/** Whether a list of items matches, and the first that does; an empty list matches without one. */
interface ListMatch<Item> {
  readonly matches: boolean;
  readonly item?: Item;
}

function firstMatch<Item>(items: readonly Item[], holds: (item: Item) => boolean): ListMatch<Item> {
  if (items.length === 0) return { matches: true };
  const item = items.find(holds);
  return item === undefined ? { matches: false } : { matches: true, item };
}

/** Whether a rule is for this peer. */
export function matchingPeer(
  cluster: Cluster,
  policy: NetworkPolicy,
  rule: PolicyRule,
  peer: Endpoint,
): ListMatch<PolicyPeer> {
  return firstMatch(rule.peers, (candidate) => matchesPeer(cluster, policy, candidate, peer));
}

function matchesPeer(cluster: Cluster, policy: NetworkPolicy, candidate: PolicyPeer, end: Endpoint): boolean {
  if (candidate.kind === "ipBlock") {
    const { address } = end;
    if (address === undefined) return false;
    return cidrContains(candidate.cidr, address) && !candidate.except.some((cidr) => cidrContains(cidr, address));
  }
  if (end.kind !== "pod" || !isPolicyPod(end.pod)) return false;
  const { pod } = end;
  if (candidate.namespaceSelector === undefined) {
    if (pod.namespace !== policy.namespace) return false;
  } else {
    const namespace = cluster.namespaces.get(pod.namespace);
    if (namespace === undefined || !selects(candidate.namespaceSelector, namespace.labels)) return false;
  }
  return candidate.podSelector === undefined || selects(candidate.podSelector, pod.labels);
}

function matchesPort(candidate: PolicyPort, { protocol, port, destination }: Connection): boolean {
  if (candidate.protocol !== protocol) return false;
  const match = candidate.port;
  switch (match.kind) {
    case "all":
      return true;
    case "interval":
      return match.first <= port && port <= match.last;
    case "named":
      return declaredPorts(destination).some(
        (own) => own.name === match.name && own.protocol === protocol && own.port === port,
      );
  }
}
