import type { Cluster } from "../model/cluster.ts";
import type { Direction, NetworkPolicy, PolicyPeer, PolicyPort, PolicyRule } from "../model/network-policy.ts";
import { type Pod, isPolicyPod, podKey } from "../model/pod.ts";
import { selects } from "../model/selector.ts";
import { type Address, compareAddresses } from "../net/address.ts";
import { cidrContains } from "../net/cidr.ts";
import type { Connection, Endpoint } from "./connection.ts";
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
  const [subject, peer] =
    direction === "egress" ? [connection.source, connection.destination] : [connection.destination, connection.source];
  if (subject.kind === "address") return { kind: "not-a-subject", why: "address" };
  const { pod } = subject;
  if (pod.hostNetwork) return { kind: "not-a-subject", why: "hostNetwork" };
  if (pod.completed) return { kind: "not-a-subject", why: "completed" };
  if (peer.kind === "pod" && podKey(peer.pod) === podKey(pod)) return { kind: "self" };
  if (isOwnNode(cluster, pod, peer)) return { kind: "own-node" };
  const isolatedBy = cluster.policies.filter((policy) => isolates(policy, pod, direction));
  if (isolatedBy.length === 0) return { kind: "not-isolated" };
  const matches: RuleMatch[] = [];
  const misses: RuleMiss[] = [];
  for (const policy of isolatedBy) {
    for (const rule of policy[direction]) {
      const peers = matchPeers(cluster, policy, rule, peer);
      const ports = matchPorts(rule, connection);
      if (peers.ok && ports.ok) {
        matches.push({
          policy,
          rule,
          ...(peers.peer === undefined ? {} : { peer: peers.peer }),
          ...(ports.port === undefined ? {} : { port: ports.port }),
        });
      } else misses.push({ policy, rule, peersMatch: peers.ok, portsMatch: ports.ok });
    }
  }
  return matches.length > 0
    ? { kind: "allowed-by-rule", isolatedBy, matches }
    : { kind: "no-rule-matches", isolatedBy, misses };
}

function isolates(policy: NetworkPolicy, pod: Pod, direction: Direction): boolean {
  return (
    policy.namespace === pod.namespace &&
    policy.directions.includes(direction) &&
    selects(policy.podSelector, pod.labels)
  );
}

function isOwnNode(cluster: Cluster, pod: Pod, peer: Endpoint): boolean {
  const node = pod.node === undefined ? undefined : cluster.nodes.get(pod.node);
  if (node === undefined) return false;
  if (peer.kind === "pod" && peer.pod.hostNetwork && peer.pod.node === pod.node) return true;
  const { address } = peer;
  return address !== undefined && node.addresses.some((own) => compareAddresses(own, address) === 0);
}

function matchPeers(
  cluster: Cluster,
  policy: NetworkPolicy,
  rule: PolicyRule,
  peer: Endpoint,
): { readonly ok: boolean; readonly peer?: PolicyPeer } {
  if (rule.peers.length === 0) return { ok: true };
  const found = rule.peers.find((candidate) => matchesPeer(cluster, policy, candidate, peer));
  return found === undefined ? { ok: false } : { ok: true, peer: found };
}

function matchesPeer(cluster: Cluster, policy: NetworkPolicy, candidate: PolicyPeer, end: Endpoint): boolean {
  if (candidate.kind === "ipBlock") {
    const { address } = end;
    return (
      address !== undefined &&
      cidrContains(candidate.cidr, address) &&
      !candidate.except.some((cidr) => cidrContains(cidr, address as Address))
    );
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

function matchPorts(rule: PolicyRule, connection: Connection): { readonly ok: boolean; readonly port?: PolicyPort } {
  if (rule.ports.length === 0) return { ok: true };
  const found = rule.ports.find((port) => matchesPort(port, connection));
  return found === undefined ? { ok: false } : { ok: true, port: found };
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
      return (
        destination.kind === "pod" &&
        destination.pod.ports.some((own) => own.name === match.name && own.protocol === protocol && own.port === port)
      );
  }
}
