import type { Endpoint } from "../../evaluate/connection.ts";
import type { Cluster } from "../../model/cluster.ts";
import { podKey } from "../../model/pod.ts";
import { type Address, formatAddress, nextAddress } from "../../net/address.ts";
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
  const addresses = candidates(cluster, blocks, end.pod.hostNetwork ? everywhere : podRanges(cluster));
  return {
    fact: { kind: "pod-address", pod: podKey(end.pod) },
    others: (world) =>
      addresses
        .filter((address) => familyOf(world, side === "source" ? "destination" : "source") !== otherFamily(address))
        .map((address) => ({ ...world, [side]: { ...world[side], address } })),
  };
}

function familyOf(world: World, side: "source" | "destination"): 4 | 6 | undefined {
  return world[side].address?.family;
}

function otherFamily({ family }: Address): 4 | 6 {
  return family === 4 ? 6 : 4;
}

/** Every block that a rule names, exceptions too. */
function blocksOf({ policies, clusterPolicies }: Cluster): readonly Cidr[] {
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
function candidates(cluster: Cluster, blocks: readonly Cidr[], ranges: readonly Cidr[]): readonly Address[] {
  const found = new Map<string, Address>();
  const add = (address: Address | undefined, range: Cidr): void => {
    if (address !== undefined && cidrContains(range, address)) found.set(formatAddress(address), address);
  };
  for (const range of ranges) {
    add(range.first, range);
    for (const { first, last } of blocks) {
      add(first, range);
      add(nextAddress(last), range);
    }
  }
  // What another has is not free.
  for (const { addresses } of [...cluster.pods, ...cluster.nodes.values()]) {
    for (const taken of addresses) found.delete(formatAddress(taken));
  }
  return [...found.values()].slice(0, mostCandidates);
}

const mostCandidates = 64;

/**
 * Where the addresses of pods are: in the ranges that Nodes give, else in those for private use and, of IPv6, in those for
 * everybody (RFC 1918, 6598, 4193, 4291).
 */
function podRanges({ nodes }: Cluster): readonly Cidr[] {
  const given = [...nodes.values()].flatMap(({ podCidrs }) => podCidrs);
  return given.length > 0 ? given : privateRanges;
}

const cidr = (text: string): Cidr => parseCidr(text).cidr as Cidr;
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "2000::/3"].map(
  cidr,
);
const everywhere = ["0.0.0.0/0", "::/0"].map(cidr);
