import type { Cluster } from "../model/cluster.ts";
import type { Direction, NetworkPolicy, PolicyPeer, PolicyPort, PolicyRule } from "../model/network-policy.ts";
import { type Pod, isPolicyPod, isSamePod } from "../model/pod.ts";
import { selects } from "../model/selector.ts";
import { compareAddresses } from "../net/address.ts";
import { cidrContains } from "../net/cidr.ts";
import type { Connection, Endpoint } from "./connection.ts";
import { declaredPorts } from "./declared-ports.ts";
import type { DirectionVerdict, Reason, RuleMatch, RuleMiss, Verdict } from "./verdict.ts";

/** Judges one new connection: the source's egress and the destination's ingress must both allow it. */
export function verdict(cluster: Cluster, connection: Connection): Verdict {
  const egress = judge(cluster, connection, "egress");
  const ingress = judge(cluster, connection, "ingress");
  return { connection, allowed: egress.allowed && ingress.allowed, egress, ingress };
}

function judge(cluster: Cluster, connection: Connection, direction: Direction): DirectionVerdict {
  const reason = reasonFor(cluster, connection, direction);
  return { direction, allowed: reason.kind !== "no-rule-matches", reason };
}

function reasonFor(cluster: Cluster, connection: Connection, direction: Direction): Reason {
  const { source, destination } = connection;
  const [subject, peer] = direction === "egress" ? [source, destination] : [destination, source];
  if (subject.kind === "address") return { kind: "not-a-subject", why: "address" };
  const always = alwaysAllowed(cluster, subject.pod, peer);
  if (always !== undefined) return always;
  const isolatedBy = isolatingPolicies(cluster, subject.pod, direction);
  if (isolatedBy.length === 0) return { kind: "not-isolated" };
  const matches: RuleMatch[] = [];
  const misses: RuleMiss[] = [];
  for (const policy of isolatedBy) {
    for (const rule of policy[direction]) {
      const peers = matchingPeer(cluster, policy, rule, peer);
      const ports = matchingPort(rule, connection);
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

/** Why no policy can keep this pod from this peer; undefined where policies decide. */
export function alwaysAllowed(cluster: Cluster, pod: Pod, peer: Endpoint): Reason | undefined {
  if (pod.hostNetwork) return { kind: "not-a-subject", why: "hostNetwork" };
  if (pod.completed) return { kind: "not-a-subject", why: "completed" };
  if (peer.kind === "pod" && isSamePod(peer.pod, pod)) return { kind: "self" };
  if (isOwnNode(cluster, pod, peer)) return { kind: "own-node" };
  return undefined;
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

function isOwnNode(cluster: Cluster, pod: Pod, peer: Endpoint): boolean {
  const node = pod.node === undefined ? undefined : cluster.nodes.get(pod.node);
  if (node === undefined) return false;
  if (peer.kind === "pod" && peer.pod.hostNetwork && peer.pod.node === pod.node) return true;
  const { address } = peer;
  return address !== undefined && node.addresses.some((own) => compareAddresses(own, address) === 0);
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

function matchingPort(rule: PolicyRule, connection: Connection): ListMatch<PolicyPort> {
  return firstMatch(rule.ports, (candidate) => matchesPort(candidate, connection));
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
