import type { Cluster } from "../model/cluster.ts";
import type { Direction, PolicyPort } from "../model/network-policy.ts";
import { type ConnectionSet, allConnections, intersect, noConnections, portsOf, union } from "../net/connection-set.ts";
import { type PortSet, allPorts, noPorts, unionPorts } from "../net/port-set.ts";
import type { Endpoint } from "./connection.ts";
import { declaredPorts } from "./declared-ports.ts";
import { alwaysAllowed, isolatingPolicies, matchingPeer } from "./reference-evaluator.ts";

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
  if (subject.kind === "address" || alwaysAllowed(cluster, subject.pod, peer) !== undefined) return allConnections;
  const isolating = isolatingPolicies(cluster, subject.pod, direction);
  if (isolating.length === 0) return allConnections;
  return isolating
    .flatMap((policy) => policy[direction].map((rule) => ({ policy, rule })))
    .filter(({ policy, rule }) => matchingPeer(cluster, policy, rule, peer).matches)
    .reduce((allowed, { rule }) => union(allowed, portsOfRule(rule.ports, destination)), noConnections);
}

/** What a rule allows to a destination, if it is for the peer at all. */
export function portsOfRule(ports: readonly PolicyPort[], destination: Endpoint): ConnectionSet {
  if (ports.length === 0) return allConnections;
  return ports.reduce(
    (allowed, port) => union(allowed, portsOf(port.protocol, portsOfItem(port, destination))),
    noConnections,
  );
}

function portsOfItem({ protocol, port }: PolicyPort, destination: Endpoint): PortSet {
  switch (port.kind) {
    case "all":
      return allPorts;
    case "interval":
      return [{ first: port.first, last: port.last }];
    case "named":
      return declaredPorts(destination)
        .filter((declared) => declared.name === port.name && declared.protocol === protocol)
        .reduce<PortSet>((set, declared) => unionPorts(set, [{ first: declared.port, last: declared.port }]), noPorts);
  }
}
