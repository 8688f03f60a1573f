import type { Address, Family } from "../net/address.ts";
import type { Cidr } from "../net/cidr.ts";
import type { ConnectionSet } from "../net/connection-set.ts";
import type { Direction } from "../model/network-policy.ts";

/**
 * What one node must enforce, free of nftables.
 *
 * Every address falls in exactly one identity: all addresses of an identity are treated alike by every rule set of this
 * node. A rule set is what one or more local pods accept in one direction: for each identity, the connections allowed.
 * Keys are content keys: the same key means the same thing in every plan, so a plan can be compared with the next.
 */
export interface NodePlan {
  readonly node: string;
  /** By key. */
  readonly identities: ReadonlyMap<string, Identity>;
  /** The identity of every address of a family: adjacent, sorted, from the first address to the last. */
  readonly atoms: Readonly<Record<Family, readonly Atom[]>>;
  /** Pod addresses whose identity is not that of the atom they lie in, by address text. */
  readonly podIdentities: ReadonlyMap<string, AddressIdentity>;
  /** By key. */
  readonly ruleSets: ReadonlyMap<string, RuleSet>;
  /** By `namespace/name`. */
  readonly localPods: ReadonlyMap<string, LocalPod>;
  /** Addresses in these ranges that are no local pod's are quarantined. */
  readonly localRanges: readonly Cidr[];
}

/** A class of addresses. */
export interface Identity {
  readonly key: string;
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

/** What is allowed in one direction. */
export interface RuleSet {
  readonly key: string;
  readonly direction: Direction;
  /** Allowed from or to every identity, those that come later included. */
  readonly common: ConnectionSet;
  /** Allowed beyond `common`, by identity key; identities that are not here get `common` only. */
  readonly byIdentity: ReadonlyMap<string, ConnectionSet>;
}

/** A pod on this node. */
export interface LocalPod {
  readonly key: string;
  readonly addresses: readonly Address[];
  /** The node's end of its link; absent where pods share one (a bridge). */
  readonly interfaceName?: string;
  /** The key of the rule set that judges each direction; absent where it is not isolated. */
  readonly egress?: string;
  readonly ingress?: string;
}
