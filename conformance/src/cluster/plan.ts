import type { Settings } from "../settings.ts";

/** A node of the cluster: each is a network namespace of that name. */
export interface NodePlan {
  readonly name: string;
  /** The first of its addresses, which is of IPv4, and the only one where the cluster has one family. */
  readonly address: string;
  readonly addresses: readonly string[];
  /** One for each of its addresses, in their order. */
  readonly podRanges: readonly string[];
}

/** An address family of the cluster. */
interface Family {
  readonly outside: string;
  readonly prefixLength: number;
  readonly clusterRange: string;
  readonly serviceRange: string;
  readonly everything: string;
  address(node: number): string;
  podRange(node: number): string;
}

const four: Family = {
  outside: "172.30.0.1",
  prefixLength: 24,
  clusterRange: "10.244.0.0/16",
  serviceRange: "10.96.0.0/16",
  everything: "0.0.0.0/0",
  address: (node) => `172.30.0.${node + 1}`,
  podRange: (node) => `10.244.${node - 1}.0/24`,
};

const six: Family = {
  outside: "fd00:172:30::1",
  prefixLength: 64,
  clusterRange: "fd00:10:244::/48",
  serviceRange: "fd00:10:96::/112",
  everything: "::/0",
  address: (node) => `fd00:172:30::${node + 1}`,
  podRange: (node) => `fd00:10:244:${node}::/64`,
};

/** The cluster's address families. */
export function familiesOf({ families }: Pick<Settings, "families">): readonly Family[] {
  return families === "dual" ? [four, six] : [four];
}

export const firstService = "10.96.0.1";
export const apiPort = 6443;

/** The nodes, on one link with the outside. The first has the control plane. */
export function nodePlans(settings: Pick<Settings, "nodes" | "families">): readonly [NodePlan, ...NodePlan[]] {
  const families = familiesOf(settings);
  const plan = (number: number): NodePlan => ({
    name: `node${number}`,
    address: four.address(number),
    addresses: families.map((family) => family.address(number)),
    podRanges: families.map((family) => family.podRange(number)),
  });
  return [plan(1), ...Array.from({ length: settings.nodes - 1 }, (_, index) => plan(index + 2))];
}
