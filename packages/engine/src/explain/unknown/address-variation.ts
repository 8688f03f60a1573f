import type { Endpoint } from "../../evaluate/connection.ts";
import type { Cluster } from "../../model/cluster.ts";
import { podKey } from "../../model/pod.ts";
import { type Address, formatAddress, nextAddress, parseAddress } from "../../net/address.ts";
import type { Cidr } from "../../net/cidr.ts";
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
  const addresses = candidates(cluster, blocks);
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
function candidates(cluster: Cluster, blocks: readonly Cidr[]): readonly Address[] {
  const found = new Map<string, Address>();
  const add = (address: Address | undefined): void => {
    if (address !== undefined) found.set(formatAddress(address), address);
  };
  for (const { first, last } of blocks) {
    add(first);
    add(nextAddress(last));
  }
  for (const stranger of ["192.0.2.1", "2001:db8::1"]) add(parseAddress(stranger));
  // What another has is not free.
  for (const { addresses } of [...cluster.pods, ...cluster.nodes.values()]) {
    for (const taken of addresses) found.delete(formatAddress(taken));
  }
  return [...found.values()].slice(0, mostCandidates);
}

const mostCandidates = 64;
