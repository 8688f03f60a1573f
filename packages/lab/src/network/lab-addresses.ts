import {
  type Address,
  type Cidr,
  type ClusterNode,
  type Family,
  type Labels,
  parseAddress,
  parseCidr,
} from "@podwall/engine";

/** The lab's own address plan; it looks like that of a small real cluster. */

/** The ranges below, which nothing outside the cluster may have an address in. */
export const clusterRanges: readonly Cidr[] = [
  "10.244.0.0/16",
  "fd00:10:244::/48",
  "172.18.0.0/16",
  "fd00:172:18::/64",
  "10.96.0.0/16",
  "fd00:10:96::/112",
].map(cidr);

/** The most nodes and pods of a node that the plan has room for. */
export const maxNodes = 250;
export const maxPodsOfNode = 250;

/** A node by its number, from 1. */
export function labNode(number: number, name: string, labels: Labels = new Map()): ClusterNode {
  return {
    kind: "Node",
    name,
    labels,
    addresses: [address(`172.18.0.${number}`), address(`fd00:172:18::${number.toString(16)}`)],
    podCidrs: [cidr(`10.244.${number}.0/24`), cidr(`fd00:10:244:${number.toString(16)}::/64`)],
  };
}

/** The addresses of a pod by its node's number and its own number there, both from 1. */
export function podAddresses(node: number, pod: number): readonly Address[] {
  return [address(`10.244.${node}.${pod + 1}`), address(`fd00:10:244:${node.toString(16)}::${(pod + 1).toString(16)}`)];
}

/** ClusterIPs by number, from 1. */
export function serviceAddresses(number: number): readonly Address[] {
  const low = `${Math.floor(number / 256)}.${number % 256}`;
  return [address(`10.96.${low}`), address(`fd00:10:96::${number.toString(16)}`)];
}

/** The number of the cluster's DNS service. */
export const dnsServiceNumber = 10;

/** How a namespace sees the other end of its link. */
export type Gateway = Readonly<Record<Family, string>>;

/** The node, as its pods see it. */
export const nodeGateway: Gateway = { 4: "169.254.1.1", 6: "fe80::1" };

/**
 * What joins the nodes, as they see it. Another address than the one they have themselves towards their pods: a node does
 * not answer ARP from an address that is its own.
 */
export const fabricGateway: Gateway = { 4: "169.254.1.2", 6: "fe80::2" };

function address(text: string): Address {
  return parseAddress(text) as Address;
}

function cidr(text: string): Cidr {
  return parseCidr(text).cidr as Cidr;
}
