import {
  type Address,
  type Cidr,
  type Cluster,
  type Endpoint,
  cidrContains,
  compareAddresses,
  formatCidr,
  nextAddress,
  parseAddress,
} from "@podwall/engine";

/**
 * The ends that are no pods: every block that policies name, and `outside` for what none holds. An address of a block
 * that no smaller one holds stands for it; a block that smaller ones are all of is no end, since they are.
 */
export function outsideEnds(cluster: Cluster): ReadonlyMap<string, Endpoint> {
  const blocks = namedBlocks(cluster);
  const samples = ownAddresses([...blocks.values()]);
  const stranger = strangers
    .map((text) => parseAddress(text) as Address)
    .find((address) => ![...blocks.values()].some((cidr) => cidrContains(cidr, address)));
  return new Map([
    ...[...blocks].flatMap(([name, cidr]): [string, Endpoint][] => {
      const address = samples.get(cidr);
      return address === undefined ? [] : [[name, { kind: "address", address }]];
    }),
    ...(stranger === undefined ? [] : [["outside", { kind: "address", address: stranger }] as [string, Endpoint]]),
  ]);
}

/** Documentation addresses (RFC 5737) and more; the first that no policy names stands for everything outside. */
const strangers = ["192.0.2.1", "198.51.100.1", "203.0.113.1", "8.8.8.8", "1.1.1.1", "100.64.0.1", "172.31.255.1"];

/** The first address of each block that is in none of the smaller ones; blocks either hold another or are apart from it. */
function ownAddresses(blocks: readonly Cidr[]): ReadonlyMap<Cidr, Address> {
  const sorted = blocks.toSorted((a, b) => compareAddresses(a.first, b.first) || a.prefix - b.prefix);
  const found = new Map<Cidr, Address>();
  for (const [index, block] of sorted.entries()) {
    let address: Address | undefined = block.first;
    for (let next = index + 1; address !== undefined && next < sorted.length; next++) {
      const inner = sorted[next] as Cidr;
      if (compareAddresses(inner.first, address) > 0) break;
      if (cidrContains(inner, address)) address = nextAddress(inner.last);
    }
    if (address !== undefined && cidrContains(block, address)) found.set(block, address);
  }
  return found;
}

/** Every block, exception and network that policies name, by its text. */
function namedBlocks(cluster: Cluster): Map<string, Cidr> {
  const blocks = new Map<string, Cidr>();
  const add = (cidr: Cidr): void => {
    if (cidr.prefix > 0) blocks.set(formatCidr(cidr), cidr);
  };
  for (const { ingress, egress } of cluster.policies) {
    for (const peer of [...ingress, ...egress].flatMap(({ peers }) => peers)) {
      if (peer.kind === "ipBlock") for (const cidr of [peer.cidr, ...peer.except]) add(cidr);
    }
  }
  for (const { ingress, egress } of cluster.clusterPolicies) {
    for (const peer of [...ingress, ...egress].flatMap(({ peers }) => peers)) {
      if (peer.kind === "networks") for (const network of peer.networks) add(network);
    }
  }
  return blocks;
}
