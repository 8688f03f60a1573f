import {
  type Address,
  type Cidr,
  type Cluster,
  type Endpoint,
  cidrContains,
  formatCidr,
  parseAddress,
} from "@podwall/engine";

/** The ends that are no pods: every block that policies name, and `outside` for what none holds. */
export function outsideEnds(cluster: Cluster): ReadonlyMap<string, Endpoint> {
  const blocks = namedBlocks(cluster);
  const stranger = strangers
    .map((text) => parseAddress(text) as Address)
    .find((address) => ![...blocks.values()].some((cidr) => cidrContains(cidr, address)));
  return new Map([
    ...[...blocks].map(([name, cidr]): [string, Endpoint] => [name, { kind: "address", address: cidr.first }]),
    ...(stranger === undefined ? [] : [["outside", { kind: "address", address: stranger }] as [string, Endpoint]]),
  ]);
}

/** Documentation addresses (RFC 5737) and more; the first that no policy names stands for everything outside. */
const strangers = ["192.0.2.1", "198.51.100.1", "203.0.113.1", "8.8.8.8", "1.1.1.1", "100.64.0.1", "172.31.255.1"];

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
