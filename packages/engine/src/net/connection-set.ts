import {
  type PortSet,
  allPorts,
  formatPorts,
  intersectPorts,
  noPorts,
  portSetHas,
  subtractPorts,
  unionPorts,
} from "./port-set.ts";
import { type Protocol, protocols } from "./protocol.ts";

/**
 * What may pass between two ends: the destination ports of each protocol, and whether everything that has no
 * ports (ICMP and other IP protocols) passes as well. NetworkPolicy speaks of the three protocols only; the rest
 * follows rules without `ports`.
 */
export interface ConnectionSet {
  readonly TCP: PortSet;
  readonly UDP: PortSet;
  readonly SCTP: PortSet;
  readonly other: boolean;
}

export const noConnections: ConnectionSet = { TCP: noPorts, UDP: noPorts, SCTP: noPorts, other: false };
export const allConnections: ConnectionSet = { TCP: allPorts, UDP: allPorts, SCTP: allPorts, other: true };

/** The set with one protocol's ports and nothing else. */
export function portsOf(protocol: Protocol, ports: PortSet): ConnectionSet {
  return { ...noConnections, [protocol]: ports };
}

export function allows(set: ConnectionSet, protocol: Protocol, port: number): boolean {
  return portSetHas(set[protocol], port);
}

export function union(a: ConnectionSet, b: ConnectionSet): ConnectionSet {
  return combine(a, b, unionPorts, a.other || b.other);
}

export function intersect(a: ConnectionSet, b: ConnectionSet): ConnectionSet {
  return combine(a, b, intersectPorts, a.other && b.other);
}

export function subtract(a: ConnectionSet, b: ConnectionSet): ConnectionSet {
  return combine(a, b, subtractPorts, a.other && !b.other);
}

export function isEmpty(set: ConnectionSet): boolean {
  return !set.other && protocols.every((protocol) => set[protocol].length === 0);
}

/** Whether everything in `a` is in `b`. */
export function isSubset(a: ConnectionSet, b: ConnectionSet): boolean {
  return isEmpty(subtract(a, b));
}

/** One text for each set: `all`, `none`, or such as `TCP 80,443; UDP 53; other`. Equal sets have equal text. */
export function formatConnections(set: ConnectionSet): string {
  if (set === allConnections) return "all";
  let text = "";
  for (const protocol of protocols) {
    const ports = set[protocol];
    if (ports.length > 0)
      text += `${text === "" ? "" : "; "}${protocol}${isAll(ports) ? "" : ` ${formatPorts(ports)}`}`;
  }
  if (set.other) text += text === "" ? "other" : "; other";
  return text === "" ? "none" : text === "TCP; UDP; SCTP; other" ? "all" : text;
}

function isAll(ports: PortSet): boolean {
  const [only] = ports;
  return ports.length === 1 && only !== undefined && only.first <= 1 && only.last === 65535;
}

function combine(
  a: ConnectionSet,
  b: ConnectionSet,
  ports: (x: PortSet, y: PortSet) => PortSet,
  other: boolean,
): ConnectionSet {
  return { TCP: ports(a.TCP, b.TCP), UDP: ports(a.UDP, b.UDP), SCTP: ports(a.SCTP, b.SCTP), other };
}
