import {
  type Address,
  type Cidr,
  type Cluster,
  type Family,
  type IpBlockPeer,
  cidrContains,
  formatAddress,
  nextAddress,
  parseAddress,
  parseCidr,
  previousAddress,
} from "@podwall/engine";
import { clusterRanges } from "../network/lab-addresses.ts";
import type { PodProtocol } from "../pod/messages.ts";

/** What stands for the rest of the world. */
export interface OutsideWorld {
  readonly addresses: readonly Address[];
  readonly ports: readonly { readonly protocol: PodProtocol; readonly port: number }[];
  /** How many addresses and ports there would have been beyond the most that are tried. */
  readonly leftOut: number;
}

const maxAddresses = 24;
const maxPorts = 12;

/** No host has these: "this" network, loopback, link-local, multicast and reserved. */
const reserved = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::/127", "fe80::/10", "ff00::/8"];
const avoided: readonly Cidr[] = [...clusterRanges, ...reserved.map((text) => parseCidr(text).cidr as Cidr)];

/** Tried first, because a reader knows them for examples (RFC 5737, RFC 3849). */
const familiar = ["203.0.113.10", "198.51.100.10", "192.0.2.10", "2001:db8::10", "2001:db8:1::10"].map(
  (text) => parseAddress(text) as Address,
);

/**
 * One address in each ipBlock and in each exception, and one of each family in none of them, as far as there are any that no
 * pod, node or Service can have; and the ports that egress rules open towards them, with the first one beyond.
 */
export function outsideWorldOf(cluster: Cluster, families: readonly Family[]): OutsideWorld {
  const blocks = ipBlocksOf(cluster);
  const all = blocks.flatMap(({ cidr, except }) => [cidr, ...except]);
  const chosen = [
    ...blocks.flatMap(({ cidr, except }) => [choose([cidr], except), ...except.map((hole) => choose([hole], []))]),
    ...families.map((family) => choose(everything(family), all)),
  ];
  const addresses = distinct(
    chosen.filter((address): address is Address => address !== undefined && families.includes(address.family)),
    formatAddress,
  );
  const ports = distinct(portsOf(cluster), ({ protocol, port }) => `${protocol} ${port}`);
  return {
    addresses: addresses.slice(0, maxAddresses),
    ports: ports.slice(0, maxPorts),
    leftOut: Math.max(0, addresses.length - maxAddresses) + Math.max(0, ports.length - maxPorts),
  };
}

function ipBlocksOf(cluster: Cluster): IpBlockPeer[] {
  return cluster.policies.flatMap(({ ingress, egress }) =>
    [...ingress, ...egress].flatMap(({ peers }) => peers.filter((peer) => peer.kind === "ipBlock")),
  );
}

function everything(family: Family): Cidr[] {
  return [parseCidr(family === 4 ? "0.0.0.0/0" : "::/0").cidr as Cidr];
}

/** An address in all of `inside` and in none of `outside`, found next to the edges of both. */
function choose(inside: readonly Cidr[], outside: readonly Cidr[]): Address | undefined {
  const holes = [...outside, ...avoided];
  const candidates = [
    ...familiar,
    ...inside.flatMap(({ first, last }) => [afterSome(first, 10), nextAddress(first), first, last]),
    ...holes.flatMap(({ first, last }) => [nextAddress(last), previousAddress(first)]),
  ];
  return candidates.find(
    (address) =>
      address !== undefined &&
      inside.every((cidr) => cidrContains(cidr, address)) &&
      !holes.some((cidr) => cidrContains(cidr, address)),
  );
}

function afterSome(address: Address, steps: number): Address | undefined {
  let after: Address | undefined = address;
  for (let step = 0; step < steps && after !== undefined; step++) after = nextAddress(after);
  return after;
}

function portsOf(cluster: Cluster): { protocol: PodProtocol; port: number }[] {
  const rules = cluster.policies
    .flatMap(({ egress }) => egress)
    .filter(({ peers }) => peers.length === 0 || peers.some(({ kind }) => kind === "ipBlock"));
  const mentioned = rules.flatMap(({ ports }) =>
    ports.flatMap(({ protocol, port }) => {
      if (protocol === "SCTP" || port.kind !== "interval") return [];
      const edges = [port.first, port.last, ...(port.last < 65535 ? [port.last + 1] : [])];
      return edges.map((number) => ({ protocol, port: number }));
    }),
  );
  return [{ protocol: "TCP", port: 443 }, ...mentioned];
}

function distinct<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
