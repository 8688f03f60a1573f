import type { Direction } from "../model/network-policy.ts";
import type { Address, Family } from "../net/address.ts";
import type { Cidr } from "../net/cidr.ts";
import type { ConnectionSet } from "../net/connection-set.ts";
import type { Lookup } from "./shared-map.ts";

/**
 * What one node must enforce, free of nftables.
 *
 * Every address falls in exactly one identity: all addresses of an identity are treated alike by every rule set of this
 * node. A rule set is what one or more local pods accept of some traffic: for each identity, the connections allowed.
 *
 * What rule set R allows identity I stays the same for as long as the plans of one planner, one after the other, have both keys, so that what
 * differs between two of its plans is what has other keys. A rule set's key says all that it depends on.
 */
export interface NodePlan {
  readonly node: string;
  /** The keys of all identities that an address of this plan has. */
  readonly identities: ReadonlySet<string>;
  /** The identity of every address that is no known pod's: adjacent intervals from the first address to the last. */
  readonly atoms: Readonly<Record<Family, readonly Atom[]>>;
  /** Pod addresses whose identity is not that of the atom they lie in, by address text. */
  readonly podIdentities: Lookup<AddressIdentity>;
  /** By key. */
  readonly ruleSets: ReadonlyMap<string, RuleSet>;
  /** Pods that run here and have an address, by `namespace/name`. */
  readonly localPods: ReadonlyMap<string, LocalPod>;
  /** Pods of this node that are closed because their policies ask too much of it, with the reason, by `namespace/name`. */
  readonly refused: ReadonlyMap<string, string>;
  /** What belongs to this node's pods; an address there that is no local pod's is quarantined. */
  readonly localRanges: readonly Cidr[];
  /** How the names of the node's ends of pod links begin, where each pod has a link of its own. */
  readonly podInterfacePrefix?: string;
}

/** An interval of addresses of one identity. */
export interface Atom {
  readonly first: Address;
  readonly last: Address;
  readonly identity: string;
}

export interface AddressIdentity {
  readonly address: Address;
  readonly identity: string;
}

/**
 * What a rule set judges: one direction of what the node forwards, what its pods send to the node itself, or what a pod
 * sends to itself through a Service.
 */
export type Traffic = Direction | "own-node" | "itself";

/** What is allowed of some traffic. */
export interface RuleSet {
  readonly key: string;
  readonly traffic: Traffic;
  /** Allowed whatever the identity, to put it once. Follows from `key` alone. */
  readonly common: ConnectionSet;
  /** All that is allowed, `common` included, by identity key; an identity that is not here gets `common` only. */
  readonly byIdentity: ReadonlyMap<string, ConnectionSet>;
}

/** A pod on this node. */
export interface LocalPod {
  readonly key: string;
  readonly addresses: readonly Address[];
  /** The node's end of its link; absent where pods share one (a bridge). */
  readonly interfaceName?: string;
  /** The key of the rule set that judges each direction; absent where the pod is not isolated. */
  readonly egress?: string;
  readonly ingress?: string;
  /** The key of the rule set that judges what it sends to its node; absent where the tiers deny nothing of it. */
  readonly ownNode?: string;
  /** The same for what it sends to itself through a Service, by the address it uses. */
  readonly itself?: Readonly<Partial<Record<Family, string>>>;
}
