import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Endpoint } from "../../evaluate/connection.ts";
import { endpointOf } from "../../evaluate/endpoint-of.ts";
import { verdict } from "../../evaluate/reference-evaluator.ts";
import { type Cluster, type ClusterNode, undeclaredNamespace } from "../../model/cluster.ts";
import type { Pod } from "../../model/pod.ts";
import { type Address, parseAddress } from "../../net/address.ts";
import { arbitraryCluster } from "../../testing/arbitrary-cluster.ts";
import type { ClusterFrame } from "../../testing/arbitrary-parts.ts";
import { missingFacts } from "./missing-facts.ts";

const address = (text: string): Address => parseAddress(text) as Address;
const node = (name: string, own: string): ClusterNode => ({
  kind: "Node",
  name,
  labels: new Map(),
  addresses: [address(own)],
  podCidrs: [],
});
const frame: ClusterFrame = {
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
interface Hidden {
  readonly namespace: string | undefined;
  readonly addressesOf: readonly string[];
  readonly nodesOf: readonly string[];
}

const arbitraryHidden: fc.Arbitrary<Hidden> = fc.record({
  namespace: fc.constantFrom(undefined, "x", "y"),
  addressesOf: fc.uniqueArray(fc.constantFrom("pod-1", "pod-2", "pod-3", "pod-4"), { maxLength: 2 }),
  nodesOf: fc.uniqueArray(fc.constantFrom("pod-1", "pod-3", "pod-5"), { maxLength: 3 }),
});

function hide(cluster: Cluster, hidden: Hidden): Cluster {
  const namespaces = new Map(cluster.namespaces);
  if (hidden.namespace !== undefined) namespaces.set(hidden.namespace, undeclaredNamespace(hidden.namespace));
  const pods = cluster.pods.map((pod): Pod => {
    const { node: home, ...rest } = hidden.addressesOf.includes(pod.name) ? { ...pod, addresses: [] } : pod;
    return home === undefined || hidden.nodesOf.includes(pod.name) ? rest : { ...rest, node: home };
  });
  return { ...cluster, namespaces, pods };
}

describe("an answer from which nothing is missing", () => {
  it("is the answer of the whole cluster, whatever of it is hidden", () => {
    const counts = { known: 0, unknown: 0, wrong: 0 };
    fc.assert(
      fc.property(arbitraryCluster(frame), arbitraryHidden, (whole, hidden) => {
        const seen = hide(whole, hidden);
        const ends = (cluster: Cluster): Endpoint[] => [
          ...cluster.pods.map((pod) => endpointOf(pod)),
          ...frame.outside.map((own) => ({ kind: "address" as const, address: own })),
        ];
        for (const [i, source] of ends(seen).entries()) {
          for (const [j, destination] of ends(seen).entries()) {
            const asked = { protocol: "TCP", port: 80 } as const;
            const truth = verdict(whole, {
              source: ends(whole)[i] as Endpoint,
              destination: ends(whole)[j] as Endpoint,
              ...asked,
            }).allowed;
            const given = verdict(seen, { source, destination, ...asked }).allowed;
            const missing = missingFacts(seen, [], { source, destination, ...asked });
            counts[missing.length > 0 ? "unknown" : "known"]++;
            if (given !== truth) {
              counts.wrong++;
              expect(missing).not.toEqual([]);
            }
          }
        }
      }),
      { numRuns: 60 },
    );
    // Most of what is given as unknown is so only because of what is hidden.
    expect(counts.wrong).toBeGreaterThan(10);
    expect(counts.known).toBeGreaterThan(counts.unknown);
  });
});
