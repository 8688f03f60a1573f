import type { Endpoint } from "../../evaluate/connection.ts";
import type { Cluster } from "../../model/cluster.ts";
import { podKey } from "../../model/pod.ts";
import { type Address, type Family, formatAddress, nextAddress } from "../../net/address.ts";
import { type Cidr, cidrContains, parseCidr } from "../../net/cidr.ts";
import type { Variation, World } from "./world.ts";

/** The address of a pod that has none in the input; undefined where it has, or no rule names addresses. */
export function addressVariation(
  cluster: Cluster,
  side: "source" | "destination",
  end: Endpoint,
): Variation | undefined {
  if (end.kind !== "pod" || end.address !== undefined || end.pod.completed) return undefined;
  const blocks = blocksOf(cluster);
  if (blocks.length === 0) return undefined;
  const addresses = candidates([cluster], blocks, end.pod.hostNetwork ? everywhere : podRanges(cluster, blocks));
  return {
    fact: { kind: "pod-address", pod: podKey(end.pod) },
    isNeverAsGiven: true,
    others: (world) =>
      addresses
        .filter((address) => familyOf(world, side === "source" ? "destination" : "source") !== otherFamily(address))
        .map((address) => ({ ...world, [side]: { ...world[side], address } })),
  };
}

/** Addresses that a pod may have whose address is not known: one of each sort that blocks of these clusters tell apart. */
export function podAddressChoices(clusters: readonly Cluster[]): readonly Address[] {
  const blocks = clusters.flatMap(blocksOf);
  if (blocks.length === 0) return [];
  const found = new Map<string, Address>();
  const ranges = clusters.flatMap((cluster) => podRanges(cluster, blocks));
  for (const address of candidates(clusters, blocks, ranges)) {
    const sort = blocks.map((block) => (cidrContains(block, address) ? "1" : "0")).join("");
    const key = `${address.family} ${sort}`;
    if (!found.has(key)) found.set(key, address);
  }
  return [...found.values()];
}

function familyOf(world: World, side: "source" | "destination"): 4 | 6 | undefined {
  return world[side].address?.family;
}

function otherFamily({ family }: Address): 4 | 6 {
  return family === 4 ? 6 : 4;
}

/** Every block that a rule names, exceptions too. */
export function blocksOf({ policies, clusterPolicies }: Cluster): readonly Cidr[] {
  return [
    ...policies
      .flatMap(({ ingress, egress }) => [...ingress, ...egress])
      .flatMap(({ peers }) => peers.flatMap((peer) => (peer.kind === "ipBlock" ? [peer.cidr, ...peer.except] : []))),
    ...clusterPolicies
      .flatMap(({ ingress, egress }) => [...ingress, ...egress])
      .flatMap(({ peers }) => peers.flatMap((peer) => (peer.kind === "networks" ? peer.networks : []))),
  ];
}

/** An address of each sort that blocks can tell apart: blocks nest or are apart, so their bounds are enough. */
function candidates(
  clusters: readonly Cluster[],
  blocks: readonly Cidr[],
  ranges: readonly Cidr[],
): readonly Address[] {
  // What another has is not free.
  const owners = clusters.flatMap(({ pods, nodes }) => [...pods, ...nodes.values()]);
  const taken = new Set(owners.flatMap(({ addresses }) => addresses.map(formatAddress)));
  const found = new Map<string, Address>();
  const add = (bound: Address | undefined, range: Cidr): void => {
    let address = bound;
    while (address !== undefined && taken.has(formatAddress(address))) address = nextAddress(address);
    if (address !== undefined && cidrContains(range, address)) found.set(formatAddress(address), address);
  };
  for (const range of ranges) {
    add(range.first, range);
    for (const { first, last } of blocks) {
      add(first, range);
      add(nextAddress(last), range);
    }
  }
  return [...found.values()].slice(0, mostCandidates);
}

const mostCandidates = 64;

/**
 * Where the addresses of pods are: in the ranges that Nodes give, else in those for private use and, of IPv6, in those for
 * everybody (RFC 1918, 6598, 4193, 4291), of the families that addresses of the cluster are of; where it has none, of those
 * that its blocks are of.
 */
function podRanges(cluster: Cluster, blocks: readonly Cidr[]): readonly Cidr[] {
  const given = [...cluster.nodes.values()].flatMap(({ podCidrs }) => podCidrs);
  if (given.length > 0) return given;
  const families = addressFamilies(cluster, blocks);
  return privateRanges.filter(({ family }) => families.has(family));
}

/** The families that addresses of a cluster are of; where it has none, those of the blocks that its policies name. */
export function addressFamilies({ nodes, pods, services }: Cluster, blocks: readonly Cidr[]): ReadonlySet<Family> {
  const ofNodes = [...nodes.values()].flatMap(({ addresses, podCidrs }) => [...addresses, ...podCidrs]);
  const known = [...ofNodes, ...[...pods, ...services].flatMap(({ addresses }) => addresses)];
  return new Set((known.length > 0 ? known : blocks).map(({ family }) => family));
}

const cidr = (text: string): Cidr => parseCidr(text).cidr as Cidr;
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "2000::/3"].map(
  cidr,
);
const everywhere = ["0.0.0.0/0", "::/0"].map(cidr);
