import fc from "fast-check";
import type { ClusterNode } from "../model/cluster.ts";
import type { PolicyPort } from "../model/network-policy.ts";
import type { Pod } from "../model/pod.ts";
import type { LabelSelector, SelectorRequirement } from "../model/selector.ts";
import type { Address } from "../net/address.ts";
import { type Cidr, cidrOf } from "../net/cidr.ts";
import type { Protocol } from "../net/protocol.ts";

/** What stays the same in all clusters drawn: where pods are and what can listen there. */
export interface ClusterFrame {
  readonly namespaces: readonly string[];
  readonly pods: readonly Pick<Pod, "namespace" | "name" | "node" | "addresses" | "hostNetwork">[];
  readonly nodes: readonly ClusterNode[];
  /** Addresses that are no pod's, for blocks to be drawn around. */
  readonly outside: readonly Address[];
  /** Ports that connections are tried on. */
  readonly ports: readonly number[];
  readonly protocols: readonly Protocol[];
  /** Whether policies of the Admin and Baseline tiers are drawn too. */
  readonly tiers?: boolean;
}

const keys = ["app", "tier"] as const;
export const labelValues = ["a", "b", "c"] as const;
export const portNames = ["http", "dns"] as const;

const arbitraryRequirement: fc.Arbitrary<SelectorRequirement> = fc.oneof(
  fc.record({
    key: fc.constantFrom(...keys),
    operator: fc.constantFrom("In" as const, "NotIn" as const),
    values: fc.uniqueArray(fc.constantFrom(...labelValues), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({
    key: fc.constantFrom(...keys),
    operator: fc.constantFrom("Exists" as const, "DoesNotExist" as const),
    values: fc.constant([]),
  }),
);

export const arbitrarySelector: fc.Arbitrary<LabelSelector> = fc.record({
  requirements: fc.array(arbitraryRequirement, { maxLength: 2 }),
});

/** Blocks around the addresses of a frame, with a prefix of this length at least. */
export function arbitraryCidr(frame: ClusterFrame, shortest: number): fc.Arbitrary<Cidr> {
  const addresses = [
    ...frame.pods.flatMap((pod) => pod.addresses),
    ...frame.nodes.flatMap((node) => node.addresses),
    ...frame.outside,
  ];
  return fc.constantFrom(...addresses).chain((address) => {
    const width = address.family === 4 ? 32 : 128;
    return fc
      .constantFrom(0, 8, width - 8, width - 2, width - 1, width)
      .map((prefix) => cidrOf(address, Math.max(prefix, shortest)));
  });
}

export function arbitraryPort(frame: ClusterFrame): fc.Arbitrary<PolicyPort> {
  const number = fc.constantFrom(...frame.ports);
  const match: fc.Arbitrary<PolicyPort["port"]> = fc.oneof(
    fc.constant({ kind: "all" as const }),
    number.map((port) => ({ kind: "interval" as const, first: port, last: port })),
    fc
      .tuple(number, number)
      .map(([a, b]) => ({ kind: "interval" as const, first: Math.min(a, b), last: Math.max(a, b) })),
    fc.constantFrom(...portNames).map((name) => ({ kind: "named" as const, name })),
  );
  return fc
    .record({ protocol: fc.constantFrom(...frame.protocols), port: match })
    .map((port) => ({ path: "port", ...port }));
}
