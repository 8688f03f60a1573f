import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasAddress } from "../../analyze/address-intervals.ts";
import { connections } from "../../evaluate/connections.ts";
import { endpointOf } from "../../evaluate/endpoint-of.ts";
import { type Address, parseAddress } from "../../net/address.ts";
import { type ConnectionSet, formatConnections, isSubset, noConnections, union } from "../../net/connection-set.ts";
import { arbitraryCluster } from "../../testing/arbitrary-cluster.ts";
import { type ClusterFrame, labelValues } from "../../testing/arbitrary-parts.ts";
import { ownerKey } from "../reach/reach-of.ts";
import { answerOfPair } from "../unknown/missing-facts.ts";
import type { PossibleEnd } from "./any-pod.ts";
import { anyPodOf } from "./any-pod-of.ts";
import { withNewPod } from "./with-new-pod.ts";

const frame: ClusterFrame = {
  namespaces: ["x", "z"],
  nodes: [],
  pods: [1, 2, 3].map((index) => ({
    namespace: index < 3 ? "x" : "z",
    name: `pod-${index}`,
    hostNetwork: false,
    addresses: [parseAddress(`10.0.0.${index}`) as Address],
  })),
  outside: [parseAddress("203.0.113.10") as Address],
  ports: [53, 80],
  protocols: ["TCP", "UDP"],
  tiers: true,
};

const arbitraryValue = fc.constantFrom(undefined, "other", ...labelValues);
const arbitraryLabels = fc.record({ app: arbitraryValue, tier: arbitraryValue }).map((labels) => {
  const entries = Object.entries(labels);
  return new Map(entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])));
});

describe("what a pod could do that is not there yet", () => {
  it("is at least what it may with any labels, and at most what it may with some", () => {
    fc.assert(
      fc.property(
        arbitraryCluster(frame),
        fc.constantFrom(...frame.namespaces),
        arbitraryLabels,
        (cluster, namespace, labels) => {
          const any = anyPodOf({ cluster }, namespace);
          expect(any.isCut).toBe(false);
          const { cluster: bare, pod: without } = withNewPod(cluster, { namespace, labels });
          // Whatever its address is, it has one.
          const pod = { ...without, addresses: [parseAddress("10.0.0.77") as Address] };
          const grown = { ...bare, pods: bare.pods.map((one) => (one === without ? pod : one)) };
          const holds = (
            ends: readonly PossibleEnd[],
            isEnd: (end: PossibleEnd["end"]) => boolean,
            set: ConnectionSet,
          ): void => {
            const fitting = ends.filter(({ end }) => isEnd(end));
            const { always, possible, unknown } = fitting[0] ?? { always: noConnections, possible: noConnections };
            expect(isSubset(always, set)).toBe(true);
            expect(isSubset(set, union(possible, unknown?.connections ?? noConnections))).toBe(true);
            if (unknown !== undefined) expect(unknown.missing).not.toEqual([]);
          };
          const own = endpointOf(pod);
          for (const other of cluster.pods) {
            const isOther = (end: PossibleEnd["end"]): boolean => end === ownerKey(other);
            holds(any.source, isOther, connections(grown, own, endpointOf(other)));
            holds(any.destination, isOther, connections(grown, endpointOf(other), own));
          }
          for (const address of frame.outside) {
            const outside = { kind: "address", address } as const;
            const isThere = (end: PossibleEnd["end"]): boolean => typeof end !== "string" && hasAddress(end, address);
            holds(any.source, isThere, connections(grown, own, outside));
            holds(any.destination, isThere, connections(grown, outside, own));
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it("has labels as an example with which more may pass than always", () => {
    fc.assert(
      fc.property(arbitraryCluster(frame), (cluster) => {
        for (const { end, always, example } of anyPodOf({ cluster }, "x").source) {
          if (typeof end !== "string" || example === undefined) continue;
          const { cluster: grown, pod } = withNewPod(cluster, { namespace: "x", labels: example });
          const other = cluster.pods.find((one) => ownerKey(one) === end)!;
          const { certain } = answerOfPair(grown, [], endpointOf(pod), endpointOf(other));
          expect(formatConnections(certain)).not.toBe(formatConnections(always));
        }
      }),
      { numRuns: 50 },
    );
  });
});
