import type { Cidr } from "@podwall/engine";

/** What can be seen of a node's network without changing it. */
export interface NodeNetwork {
  /** The names of its interfaces. */
  readonly interfaces: readonly string[];
  /** The ports of its bridges, by the bridge's name. */
  readonly bridges: ReadonlyMap<string, readonly string[]>;
  /** False where /sys is not there, or shows another network namespace. */
  readonly bridgesKnown: boolean;
  /** The ranges that are reached by an interface directly. */
  readonly connected: readonly { readonly device: string; readonly range: Cidr }[];
  /** `net.bridge.bridge-nf-call-*`; undefined where the module br_netfilter is not loaded. */
  readonly bridgeFilter: { readonly 4: boolean; readonly 6: boolean } | undefined;
  /** `/proc/net/ip_vs`; empty where there is none. */
  readonly virtualServers: string;
  /** `nft -j list flowtables`; empty where the kernel knows none. */
  readonly flowtables: string;
}
