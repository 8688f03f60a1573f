import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasAddress } from "../../analyze/address-intervals.ts";
import { connections } from "../../evaluate/connections.ts";
import type { Endpoint } from "../../evaluate/connection.ts";
import { endpointOf } from "../../evaluate/endpoint-of.ts";
import type { ClusterNode } from "../../model/cluster.ts";
import { type Address, parseAddress } from "../../net/address.ts";
import { type Cidr, parseCidr } from "../../net/cidr.ts";
import { formatConnections, intersect, isEmpty, noConnections, portsOf } from "../../net/connection-set.ts";
import { arbitraryCluster } from "../../testing/arbitrary-cluster.ts";
import type { ClusterFrame } from "../../testing/arbitrary-parts.ts";
import { blastRadiusOf } from "./blast-radius-of.ts";
import { ownerKey, reachOf } from "./reach-of.ts";

const address = (text: string): Address => parseAddress(text) as Address;
const node: ClusterNode = {
  kind: "Node",
  name: "node",
  labels: new Map(),
  addresses: [address("172.18.0.1")],
  podCidrs: [parseCidr("10.0.0.0/24").cidr as Cidr],
};
const frame: ClusterFrame = {
  namespaces: ["x", "y"],
  nodes: [node],
  pods: [1, 2, 3, 4, 5].map((index) => ({
    namespace: index < 3 ? "x" : "y",
    name: `pod-${index}`,
    node: "node",
    hostNetwork: index === 5,
    addresses: [address(index === 5 ? "172.18.0.1" : `10.0.0.${index}`)],
  })),
  outside: [address("203.0.113.10"), address("10.0.0.250"), address("172.18.0.1")],
  ports: [53, 80],
  protocols: ["TCP", "UDP"],
  tiers: true,
};

describe("the reach of an end", () => {
  it("has every pod and every address with what the reference evaluator says, and no other", () => {
    fc.assert(
      fc.property(
        arbitraryCluster(frame),
        fc.constantFrom("source" as const, "destination" as const),
        (cluster, as) => {
          for (const pod of cluster.pods.filter(({ hostNetwork }) => !hostNetwork)) {
            const end = endpointOf(pod);
            const reach = reachOf({ cluster }, { end, as, areOutside: true });
            const between = (other: Endpoint): string =>
              formatConnections(as === "source" ? connections(cluster, end, other) : connections(cluster, other, end));
            for (const other of cluster.pods) {
              if (other === pod) continue;
              const found = reach.pods.find(({ pods }) => pods.includes(other));
              expect(found === undefined ? "none" : formatConnections(found.connections)).toBe(
                between(endpointOf(other)),
              );
            }
            for (const stranger of frame.outside) {
              const found = reach.addresses.find(({ intervals }) => hasAddress(intervals, stranger));
              const expected = between({ kind: "address", address: stranger });
              expect(found === undefined ? "none" : formatConnections(found.connections)).toBe(expected);
            }
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("the reach of an end on one port", () => {
  it("is what of its reach is on that port", () => {
    fc.assert(
      fc.property(
        arbitraryCluster(frame),
        fc.constantFrom("source" as const, "destination" as const),
        fc.constantFrom(...frame.ports),
        (cluster, as, port) => {
          const end = endpointOf(cluster.pods[0]!);
          const only = portsOf("TCP", [{ first: port, last: port }]);
          const [all, some] = [undefined, { protocol: "TCP", port } as const].map((on) =>
            reachOf({ cluster }, { end, as, areOutside: true, ...(on === undefined ? {} : { port: on }) }),
          );
          for (const pod of cluster.pods.slice(1)) {
            const [whole, own] = [all, some].map((reach) => reach?.pods.find(({ pods }) => pods.includes(pod)));
            const expected = intersect(only, whole?.connections ?? noConnections);
            expect(formatConnections(own?.connections ?? noConnections)).toBe(formatConnections(expected));
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("the blast radius of a pod", () => {
  it("is all that can be reached by steps that are allowed, with the fewest steps", () => {
    fc.assert(
      fc.property(arbitraryCluster(frame), fc.integer({ min: 1, max: 4 }), (cluster, mostHops) => {
        const [start] = cluster.pods;
        if (start === undefined) return;
        const hops = new Map([[start, 0]]);
        for (const pod of hops.keys()) {
          const next = (hops.get(pod) ?? 0) + 1;
          if (next > mostHops) continue;
          for (const other of cluster.pods) {
            const set = connections(cluster, endpointOf(pod), endpointOf(other));
            if (!hops.has(other) && !isEmpty(set)) hops.set(other, next);
          }
        }
        const found = blastRadiusOf({ cluster }, start, { mostHops }).ends.map(
          ({ name, hops: own }) => `${name} ${own}`,
        );
        const expected = [...hops].filter(([, own]) => own > 0).map(([pod, own]) => `${ownerKey(pod)} ${own}`);
        expect(found.sort()).toEqual(expected.sort());
      }),
      { numRuns: 200 },
    );
  });
});
