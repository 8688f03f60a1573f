import type { ClusterPolicy } from "../model/cluster-policy.ts";
import type { NetworkPolicy } from "../model/network-policy.ts";
import { type Address, type Family, compareAddresses, nextAddress } from "../net/address.ts";
import type { Cidr } from "../net/cidr.ts";

export type AnyPolicy = NetworkPolicy | ClusterPolicy;

/** How much a policy asks, counted without working anything out. */
export interface PolicyCost {
  readonly rules: number;
  /** Whom rules are for, blocks of addresses among them. */
  readonly peers: number;
  /** Blocks of addresses, and what is taken out of them. */
  readonly blocks: number;
}

const costs = new WeakMap<AnyPolicy, PolicyCost>();

export function costOf(policy: AnyPolicy): PolicyCost {
  const known = costs.get(policy);
  if (known !== undefined) return known;
  let blocks = 0;
  for (const _ of blocksOf(policy)) blocks++;
  const rules = [...policy.ingress, ...policy.egress];
  const cost = { rules: rules.length, peers: rules.reduce((sum, { peers }) => sum + peers.length, 0), blocks };
  costs.set(policy, cost);
  return cost;
}

/** The pieces into which the blocks of policies cut all addresses, each as often as there are blocks that hold it. */
export function piecesOf(policies: Iterable<AnyPolicy>): number {
  const bounds: Record<Family, Bound[]> = { 4: [], 6: [] };
  for (const policy of policies) {
    for (const { cidr, change } of blocksOf(policy)) {
      const after = nextAddress(cidr.last);
      bounds[cidr.family].push({ at: cidr.first, change });
      if (after !== undefined) bounds[cidr.family].push({ at: after, change: -change });
    }
  }
  return weightOf(bounds[4]) + weightOf(bounds[6]);
}

interface Bound {
  readonly at: Address;
  readonly change: number;
}

function weightOf(bounds: Bound[]): number {
  bounds.sort((a, b) => compareAddresses(a.at, b.at));
  let depth = 0;
  let weight = 0;
  for (const [index, { at, change }] of bounds.entries()) {
    depth += change;
    const next = bounds[index + 1];
    if (next === undefined || compareAddresses(next.at, at) !== 0) weight += 1 + Math.max(depth, 0);
  }
  return weight;
}

/** What is added, and what is taken out of that. */
function* blocksOf(policy: AnyPolicy): Generator<{ readonly cidr: Cidr; readonly change: 1 | -1 }> {
  for (const rule of [...policy.ingress, ...policy.egress]) {
    for (const peer of rule.peers) {
      if (peer.kind === "ipBlock") {
        yield { cidr: peer.cidr, change: 1 };
        for (const cidr of peer.except) yield { cidr, change: -1 };
      } else if (peer.kind === "networks") {
        for (const cidr of peer.networks) yield { cidr, change: 1 };
      }
    }
  }
}
