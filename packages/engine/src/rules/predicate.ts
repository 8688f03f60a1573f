import type { ClusterNode, Namespace } from "../model/cluster.ts";
import type { TierPeer } from "../model/cluster-policy.ts";
import type { PolicyPeer } from "../model/network-policy.ts";
import type { Pod } from "../model/pod.ts";
import { type LabelSelector, formatSelector, selects } from "../model/selector.ts";
import { type Address, compareAddresses, nextAddress, previousAddress } from "../net/address.ts";
import { type Cidr, formatCidr } from "../net/cidr.ts";

/**
 * A question that some rule asks about the other end: is it a pod with these labels, is it in this block?
 * Equal questions have equal keys, whichever policy asks.
 */
export type Predicate = PodPredicate | AddressPredicate;

export interface PodPredicate {
  readonly kind: "pods";
  readonly key: string;
  /** The one namespace asked about, or a selector over namespaces. */
  readonly namespace: string | LabelSelector;
  readonly pods: LabelSelector;
}

/** Asks about an address, whoever has it. */
export type AddressPredicate = BlockPredicate | NodesPredicate | UnknownPodsPredicate;

export interface BlockPredicate {
  readonly kind: "block";
  readonly key: string;
  readonly cidr: Cidr;
  readonly except: readonly Cidr[];
}

/** Is it an address of one of these nodes? */
export interface NodesPredicate {
  readonly kind: "nodes";
  readonly key: string;
  readonly nodes: LabelSelector;
}

/** Is it an address of some node's pod range? Asked about addresses that no known pod has. */
export interface UnknownPodsPredicate {
  readonly kind: "unknown-pods";
  readonly key: string;
}

export const unknownPods: UnknownPodsPredicate = { kind: "unknown-pods", key: "unknown pods" };

const everything: LabelSelector = { requirements: [] };

/** The question a peer of a NetworkPolicy in `namespace` asks. */
export function predicateOf(peer: PolicyPeer, namespace: string): Predicate {
  return peer.kind === "ipBlock"
    ? blockPredicate(peer.cidr, peer.except)
    : podPredicate(peer.namespaceSelector ?? namespace, peer.podSelector);
}

/** The questions a peer of a tier's rule asks; none where no address can be told to match. */
export function predicatesOf(peer: TierPeer): readonly Predicate[] {
  switch (peer.kind) {
    case "selected-pods":
      return [podPredicate(peer.namespaceSelector, peer.podSelector)];
    case "networks":
      return peer.networks.map((network) => blockPredicate(network, []));
    case "nodes":
      return [{ kind: "nodes", key: `nodes ${formatSelector(peer.nodeSelector)}`, nodes: peer.nodeSelector }];
    case "domain-names":
    case "unknown":
      return [];
  }
}

/** Is it one of these pods, of this namespace or of the selected ones? */
export function podPredicate(namespace: string | LabelSelector, pods: LabelSelector = everything): PodPredicate {
  const scope = typeof namespace === "string" ? `namespace ${namespace}` : `namespaces ${formatSelector(namespace)}`;
  return { kind: "pods", key: `${scope} pods ${formatSelector(pods)}`, namespace, pods };
}

function blockPredicate(cidr: Cidr, exceptions: readonly Cidr[]): BlockPredicate {
  const except = [...new Set(exceptions.map(formatCidr))].sort();
  const key = `block ${formatCidr(cidr)}${except.map((text) => ` !${text}`).join("")}`;
  return { kind: "block", key, cidr, except: exceptions };
}

/** Whether a pod that policies can see is one of those asked about. */
export function matchesPod(predicate: PodPredicate, pod: Pod, namespaces: ReadonlyMap<string, Namespace>): boolean {
  if (typeof predicate.namespace === "string") {
    if (pod.namespace !== predicate.namespace) return false;
  } else {
    const namespace = namespaces.get(pod.namespace);
    if (namespace === undefined || !selects(predicate.namespace, namespace.labels)) return false;
  }
  return selects(predicate.pods, pod.labels);
}

/** Adjacent addresses, both bounds included. */
export interface AddressInterval {
  readonly first: Address;
  readonly last: Address;
}

/** The addresses a predicate holds for. */
export function intervalsOf(predicate: AddressPredicate, nodes: Iterable<ClusterNode>): readonly AddressInterval[] {
  switch (predicate.kind) {
    case "block":
      return predicate.except.reduce<readonly AddressInterval[]>(without, [predicate.cidr]);
    case "nodes":
      return [...nodes].filter((node) => selects(predicate.nodes, node.labels)).flatMap(ownAddresses);
    case "unknown-pods": {
      const all = [...nodes];
      const own = all.flatMap(({ addresses }) => addresses).sort(compareAddresses);
      return all.flatMap(({ podCidrs }) => podCidrs.flatMap((range) => withoutAddresses(range, own)));
    }
  }
}

function ownAddresses({ addresses }: ClusterNode): AddressInterval[] {
  return addresses.map((address) => ({ first: address, last: address }));
}

/** An interval without some of these addresses, which are sorted. */
function withoutAddresses({ first, last }: AddressInterval, sorted: readonly Address[]): AddressInterval[] {
  const left: AddressInterval[] = [];
  let start: Address | undefined = first;
  for (let index = firstFrom(sorted, first); start !== undefined; index++) {
    const hole = sorted[index];
    if (hole === undefined || compareAddresses(hole, last) > 0) return [...left, { first: start, last }];
    const end = previousAddress(hole);
    if (end !== undefined && compareAddresses(start, end) <= 0) left.push({ first: start, last: end });
    const after = nextAddress(hole);
    start = after === undefined || compareAddresses(after, last) > 0 ? undefined : after;
  }
  return left;
}

/** The place of the first address that does not come before one. */
function firstFrom(sorted: readonly Address[], address: Address): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareAddresses(sorted[middle] as Address, address) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Takes a block out; blocks are nested or disjoint, so what is left of an interval is at most two. */
function without(intervals: readonly AddressInterval[], hole: AddressInterval): readonly AddressInterval[] {
  return intervals.flatMap(({ first, last }) => {
    if (first.family !== hole.first.family || isBefore(last, hole.first) || isBefore(hole.last, first)) {
      return [{ first, last }];
    }
    const end = previousAddress(hole.first);
    const start = nextAddress(hole.last);
    return [
      ...(end === undefined || isBefore(end, first) ? [] : [{ first, last: end }]),
      ...(start === undefined || isBefore(last, start) ? [] : [{ first: start, last }]),
    ];
  });
}

function isBefore(a: Address, b: Address): boolean {
  for (let index = 0; index < 4; index++) {
    const difference = (a.words[index] as number) - (b.words[index] as number);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
