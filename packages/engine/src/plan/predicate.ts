import type { Namespace } from "../model/cluster.ts";
import type { PolicyPeer } from "../model/network-policy.ts";
import type { Pod } from "../model/pod.ts";
import { type LabelSelector, formatSelector, selects } from "../model/selector.ts";
import type { Address } from "../net/address.ts";
import { type Cidr, cidrContains, formatCidr } from "../net/cidr.ts";

/**
 * A question about one address that some rule asks: is it a pod with these labels, is it in this block?
 * Equal questions have equal keys, whichever policy asks.
 */
export type Predicate = PodPredicate | BlockPredicate;

export interface PodPredicate {
  readonly kind: "pods";
  readonly key: string;
  /** The one namespace asked about, or a selector over namespaces. */
  readonly namespace: string | LabelSelector;
  readonly pods: LabelSelector;
}

export interface BlockPredicate {
  readonly kind: "block";
  readonly key: string;
  readonly cidr: Cidr;
  readonly except: readonly Cidr[];
}

const everything: LabelSelector = { requirements: [] };

/** The question a peer of a policy in `namespace` asks. */
export function predicateOf(peer: PolicyPeer, namespace: string): Predicate {
  if (peer.kind === "ipBlock") {
    const except = [...new Set(peer.except.map(formatCidr))].sort();
    const key = `block ${formatCidr(peer.cidr)}${except.map((cidr) => ` !${cidr}`).join("")}`;
    return { kind: "block", key, cidr: peer.cidr, except: peer.except };
  }
  const pods = peer.podSelector ?? everything;
  const where = peer.namespaceSelector ?? namespace;
  const scope = typeof where === "string" ? `namespace ${where}` : `namespaces ${formatSelector(where)}`;
  return {
    kind: "pods",
    key: `${scope} pods ${formatSelector(pods)}`,
    namespace: where,
    pods,
  };
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

/** Whether an address is in the block and in none of its exceptions. */
export function matchesBlock(predicate: BlockPredicate, address: Address): boolean {
  return cidrContains(predicate.cidr, address) && !predicate.except.some((cidr) => cidrContains(cidr, address));
}
