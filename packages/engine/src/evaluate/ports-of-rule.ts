import type { PolicyPort } from "../model/network-policy.ts";
import { type ConnectionSet, allConnections, noConnections, portsOf, union } from "../net/connection-set.ts";
import { type PortSet, allPorts, noPorts, unionPorts } from "../net/port-set.ts";
import type { Endpoint } from "./connection.ts";
import { declaredPorts } from "./declared-ports.ts";

/** What a rule with these ports is about at a destination, if it is for the peer at all; without any, everything. */
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
