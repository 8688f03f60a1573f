import type { Direction, NetworkPolicy, PolicyPort, PolicyRule } from "../model/network-policy.ts";
import type { ContainerPort, Pod } from "../model/pod.ts";
import {
  type ConnectionSet,
  allConnections,
  formatConnections,
  noConnections,
  portsOf,
  union,
} from "../net/connection-set.ts";
import { type PortSet, allPorts, noPorts, unionPorts } from "../net/port-set.ts";
import type { Protocol } from "../net/protocol.ts";
import { type Predicate, predicateOf } from "./predicate.ts";

/** One policy rule as a node needs it: who, and what. Free of the policy it came from, so that equal rules are one. */
export interface RuleSpec {
  readonly key: string;
  /** Any of these; undefined is everyone. */
  readonly peers?: readonly Predicate[];
  /** What the rule allows whoever the peer is. */
  readonly ports: ConnectionSet;
  /** Egress only: ports whose number depends on the destination pod. */
  readonly named: readonly NamedPort[];
}

/** A container port's name with its protocol. */
export interface NamedPort {
  readonly name: string;
  readonly protocol: Protocol;
}

/** `http/TCP`. */
export function formatNamedPort({ name, protocol }: NamedPort): string {
  return `${name}/${protocol}`;
}

/** The numbers a pod gives a port name, for one protocol; a pod may use one name for several. */
export function resolveNamedPort(named: NamedPort, declared: readonly ContainerPort[]): PortSet {
  return declared
    .filter((port) => port.name === named.name && port.protocol === named.protocol)
    .reduce<PortSet>((ports, { port }) => unionPorts(ports, [{ first: port, last: port }]), noPorts);
}

/**
 * The rules that judge a subject in one direction, without repeats and in a fixed order. Names in ingress rules are
 * resolved on the subject, because there it is the destination.
 */
export function ruleSpecs(subject: Pod, direction: Direction, policies: readonly NetworkPolicy[]): RuleSpec[] {
  const specs = policies.flatMap((policy) =>
    policy[direction].map((rule) => ruleSpec(rule, policy.namespace, direction === "ingress" ? subject : undefined)),
  );
  const byKey = new Map(specs.map((spec) => [spec.key, spec]));
  return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function ruleSpec(rule: PolicyRule, namespace: string, destination: Pod | undefined): RuleSpec {
  const predicates = new Map(rule.peers.map((peer) => predicateOf(peer, namespace)).map((peer) => [peer.key, peer]));
  const peers = [...predicates.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  const { ports, named } = portsOfRule(rule.ports, destination);
  const who = rule.peers.length === 0 ? "everyone" : peers.map((peer) => peer.key).join(" | ");
  const what = [formatConnections(ports), ...named.map(formatNamedPort)].join(" + ");
  const key = `${who} -> ${what}`;
  return rule.peers.length === 0 ? { key, ports, named } : { key, peers, ports, named };
}

function portsOfRule(
  ports: readonly PolicyPort[],
  destination: Pod | undefined,
): { readonly ports: ConnectionSet; readonly named: readonly NamedPort[] } {
  if (ports.length === 0) return { ports: allConnections, named: [] };
  let fixed = noConnections;
  const named = new Map<string, NamedPort>();
  for (const { protocol, port } of ports) {
    if (port.kind === "all") {
      fixed = union(fixed, portsOf(protocol, allPorts));
    } else if (port.kind === "interval") {
      fixed = union(fixed, portsOf(protocol, [{ first: port.first, last: port.last }]));
    } else if (destination === undefined) {
      const entry = { name: port.name, protocol };
      named.set(formatNamedPort(entry), entry);
    } else {
      fixed = union(fixed, portsOf(protocol, resolveNamedPort({ name: port.name, protocol }, destination.ports)));
    }
  }
  return {
    ports: fixed,
    named: [...named.values()].sort((a, b) => (formatNamedPort(a) < formatNamedPort(b) ? -1 : 1)),
  };
}
