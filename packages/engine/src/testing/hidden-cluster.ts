import fc from "fast-check";
import { type Cluster, type ClusterNode, undeclaredNamespace } from "../model/cluster.ts";
import type { OtherPolicy } from "../model/other-object.ts";
import type { Pod } from "../model/pod.ts";
import { type Address, parseAddress } from "../net/address.ts";
import type { ClusterFrame } from "./arbitrary-parts.ts";

const address = (text: string): Address => parseAddress(text) as Address;
const node = (name: string, own: string): ClusterNode => ({
  kind: "Node",
  name,
  labels: new Map(),
  addresses: [address(own)],
  podCidrs: [],
});

/** Two namespaces, two nodes, four pods with a network of their own and one without. */
export const hidingFrame: ClusterFrame = {
  namespaces: ["x", "y"],
  nodes: [node("one", "172.18.0.1"), node("two", "172.18.0.2")],
  pods: [1, 2, 3, 4, 5].map((index) => ({
    namespace: index < 3 ? "x" : "y",
    name: `pod-${index}`,
    node: index % 2 === 0 ? "two" : "one",
    hostNetwork: index === 5,
    addresses: index === 5 ? [address("172.18.0.1")] : [address(`10.0.0.${index}`)],
  })),
  outside: [address("203.0.113.10")],
  ports: [53, 80],
  protocols: ["TCP"],
  tiers: true,
};

/** What of a cluster the input does not say. */
export interface Hidden {
  readonly namespaces: readonly string[];
  readonly addressesOf: readonly string[];
  readonly nodesOf: readonly string[];
}

export const arbitraryHidden: fc.Arbitrary<Hidden> = fc.record({
  namespaces: fc.constantFrom([], ["x"], ["x"], ["y"], ["y"], ["x", "y"]),
  addressesOf: fc.uniqueArray(fc.constantFrom("pod-1", "pod-2", "pod-3", "pod-4"), { maxLength: 2 }),
  nodesOf: fc.uniqueArray(fc.constantFrom("pod-1", "pod-3", "pod-5"), { maxLength: 3 }),
});

/** Whether the ways in which the rest may be are so few that the reference evaluator tries them all. */
export function hasFewWays({ namespaces, addressesOf }: Hidden): boolean {
  return namespaces.length === 0 || addressesOf.length === 0 || namespaces.length + addressesOf.length === 2;
}

/** Policies of a kind that is not judged. */
export const arbitraryOther: fc.Arbitrary<OtherPolicy> = fc.record({
  role: fc.constant("policy" as const),
  apiVersion: fc.constant("cilium.io/v2"),
  kind: fc.constant("CiliumNetworkPolicy"),
  name: fc.constantFrom("one", "two"),
  namespace: fc.constantFrom("x", "y"),
  requirements: fc.constantFrom([], [{ key: "app", operator: "In" as const, values: ["a"] }]),
  directions: fc.constantFrom(["ingress" as const], ["egress" as const], ["ingress" as const, "egress" as const]),
  effect: fc.constantFrom("allows-and-denies" as const, "denies" as const),
});

/** A cluster without what is hidden of it. */
export function hide(cluster: Cluster, hidden: Hidden): Cluster {
  const namespaces = new Map(cluster.namespaces);
  for (const name of hidden.namespaces) namespaces.set(name, undeclaredNamespace(name));
  const pods = cluster.pods.map((pod): Pod => {
    const { node: home, ...rest } = hidden.addressesOf.includes(pod.name) ? { ...pod, addresses: [] } : pod;
    return home === undefined || hidden.nodesOf.includes(pod.name) ? rest : { ...rest, node: home };
  });
  return { ...cluster, namespaces, pods };
}
