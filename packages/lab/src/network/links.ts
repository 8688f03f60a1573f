import { type Address, type ClusterNode, type Family, formatAddress, formatCidr } from "@podwall/engine";
import type { Gateway } from "./lab-addresses.ts";

/** Commands for `ip -batch` that lay and take away links. Every link is routed and point-to-point, as Calico's are. */

/** Names of the node's ends of pod links begin with this. */
export const podInterfacePrefix = "pw";

/** The far end's link-local address; each link has its own. */
const farLinkLocal = "fe80::ff";

/** A pair: `near` in the namespace between the nodes or in a node's, `far` in the namespace at the end of the link. */
export interface Link {
  readonly nearNetns?: string;
  readonly near: string;
  readonly farNetns: string;
  readonly far: string;
}

export function layLink({ nearNetns, near, farNetns, far }: Link): string {
  return `link add name ${near} ${nearNetns === undefined ? "" : `netns ${nearNetns} `}type veth peer name ${far} netns ${farNetns}`;
}

/** The near end: it is the far end's gateway. */
export function nearEnd(near: string, gateway: Gateway): string[] {
  return [
    `link set ${near} addrgenmode none`,
    `link set ${near} up`,
    // Scope link, so that it is never chosen as a source for other destinations.
    `addr add ${gateway[4]}/32 dev ${near} scope link`,
    `addr add ${gateway[6]}/64 dev ${near} nodad`,
  ];
}

/** Routes to the addresses at a link's far end; `sources` are the addresses that the near end's namespace speaks with. */
export function routesTo(near: string, addresses: readonly Address[], sources: readonly Address[] = []): string[] {
  return addresses.map(
    (address) => `route replace ${hostRoute(address)} dev ${near}${sourceOf(address.family, sources)}`,
  );
}

export function dropRoutes(near: string, addresses: readonly Address[]): string[] {
  return addresses.map((address) => `route del ${hostRoute(address)} dev ${near}`);
}

/** The far end: its addresses, and everything else by way of the near end. */
export function farEnd(far: string, addresses: readonly Address[], gateway: Gateway): string[] {
  return [
    "link set lo up",
    // A link-local address of its own making would be tried for duplicates first, and nothing passes for a second or two.
    `link set ${far} addrgenmode none`,
    ...addAddresses(far, addresses),
    `link set ${far} up`,
    `addr add ${farLinkLocal}/64 dev ${far} nodad`,
    `route add ${gateway[4]} dev ${far} scope link`,
    ...defaultRoutes(far, addresses, gateway),
  ];
}

/**
 * Changes a far end's addresses. New ones come before old ones go, because with the last address of a family the kernel drops
 * that family's routes.
 */
export function readdressFarEnd(
  far: string,
  before: readonly Address[],
  after: readonly Address[],
  gateway: Gateway,
): string[] {
  const old = new Set(before.map(hostRoute));
  const now = new Set(after.map(hostRoute));
  return [
    ...addAddresses(
      far,
      after.filter((address) => !old.has(hostRoute(address))),
    ),
    ...before
      .filter((address) => !now.has(hostRoute(address)))
      .map((address) => `addr del ${hostRoute(address)} dev ${far}`),
    `route replace ${gateway[4]} dev ${far} scope link`,
    ...defaultRoutes(far, after, gateway),
  ];
}

export function addAddresses(far: string, addresses: readonly Address[]): string[] {
  return addresses.map((address) => `addr add ${hostRoute(address)} dev ${far}${address.family === 6 ? " nodad" : ""}`);
}

function defaultRoutes(far: string, addresses: readonly Address[], gateway: Gateway): string[] {
  return ([4, 6] as const).map(
    (family) => `route replace default via ${gateway[family]} dev ${far}${sourceOf(family, addresses)}`,
  );
}

function sourceOf(family: Family, addresses: readonly Address[]): string {
  const source = addresses.find((address) => address.family === family);
  return source === undefined ? "" : ` src ${formatAddress(source)}`;
}

/** An address as a route to it alone. */
export function hostRoute(address: Address): string {
  return `${formatAddress(address)}/${address.family === 4 ? 32 : 128}`;
}

/** What a node routes nowhere unless a pod has it: otherwise it would go out, come back, and go round. */
export function closePodRanges(node: ClusterNode): string[] {
  return node.podCidrs.map((range) => `route add blackhole ${formatCidr(range)}`);
}

/** What the namespace between the nodes sends to a node, by the link `near`. */
export function routesToNode(near: string, node: ClusterNode): string[] {
  const byWay = node.podCidrs.map((range) => {
    const gateway = node.addresses.find(({ family }) => family === range.family);
    return gateway === undefined
      ? []
      : [`route replace ${formatCidr(range)} via ${formatAddress(gateway)} dev ${near}`];
  });
  return [...routesTo(near, node.addresses), ...byWay.flat()];
}
