import type { ContainerPort } from "../model/pod.ts";
import { type ConnectionSet, portsOf, union } from "../net/connection-set.ts";
import { type PortSet, noPorts, unionPorts } from "../net/port-set.ts";
import type { Protocol } from "../net/protocol.ts";

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

/** Ports, and what names stand for at a destination that declares these. */
export function withNamedPorts(
  fixed: ConnectionSet,
  named: readonly NamedPort[],
  declared: readonly ContainerPort[],
): ConnectionSet {
  return named.reduce((ports, name) => union(ports, portsOf(name.protocol, resolveNamedPort(name, declared))), fixed);
}
