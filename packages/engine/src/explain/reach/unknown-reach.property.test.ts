import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasAddress } from "../../analyze/address-intervals.ts";
import { connections } from "../../evaluate/connections.ts";
import type { Endpoint } from "../../evaluate/connection.ts";
import { endpointOf } from "../../evaluate/endpoint-of.ts";
import type { Cluster } from "../../model/cluster.ts";
import { type Pod, podKey } from "../../model/pod.ts";
import { type Address, parseAddress } from "../../net/address.ts";
import { formatConnections, isEmpty, isSubset, noConnections, union } from "../../net/connection-set.ts";
import { arbitraryCluster } from "../../testing/arbitrary-cluster.ts";
import { arbitraryOthers } from "../../testing/arbitrary-others.ts";
import { arbitraryHidden, hide, hidingFrame } from "../../testing/hidden-cluster.ts";
import { missingFactsOfPair, settledEnds } from "../unknown/missing-facts.ts";
import { blastRadiusOf } from "./blast-radius-of.ts";
import type { Reach, Reached } from "./reach.ts";
import { reachOf } from "./reach-of.ts";

const address = (text: string): Address => parseAddress(text) as Address;
const strangers = ["203.0.113.10", "10.0.0.250", "172.18.0.1", "172.18.0.2"].map(address);
const arbitraryAs = fc.constantFrom("source" as const, "destination" as const);

/** Of the whole cluster, and of what is seen of it. */
interface Asked {
  readonly whole: Cluster;
  readonly seen: Cluster;
  readonly as: Reach["as"];
}

function inOrder(as: Reach["as"], end: Endpoint, other: Endpoint): readonly [Endpoint, Endpoint] {
  return as === "source" ? [end, other] : [other, end];
}

/** What passes for sure is less than the truth, and with what may pass it is more. */
function expectAround(found: Reached | undefined, { whole, as }: Asked, end: Endpoint, other: Endpoint): void {
  const truth = connections(whole, ...inOrder(as, end, other));
  const [certain, open] = [found?.connections ?? noConnections, found?.unknown?.connections ?? noConnections];
  expect(isSubset(certain, truth)).toBe(true);
  expect(isSubset(truth, union(certain, open))).toBe(true);
}

describe("the reach of an end, where not all is known", () => {
  it("is what the question about one pair says: unknown where that is, else the same", () => {
    const counts = { known: 0, unknown: 0 };
    fc.assert(
      fc.property(
        arbitraryCluster(hidingFrame),
        arbitraryHidden,
        arbitraryOthers,
        arbitraryAs,
        (whole, hidden, others, as) => {
          const seen = hide(whole, hidden);
          const ends = [
            ...seen.pods.map((pod) => endpointOf(pod)),
            { kind: "address", address: address("10.0.0.250") } as const,
          ];
          for (const end of ends) {
            const reach = reachOf({ cluster: seen, others }, { end, as });
            const compare = (found: Reached | undefined, other: Endpoint, settled: readonly "domain-name"[]): void => {
              const [source, destination] = inOrder(as, end, other);
              const missing = missingFactsOfPair(seen, others, source, destination, [], settled);
              expect(found?.unknown === undefined).toBe(missing.length === 0);
              counts[missing.length === 0 ? "known" : "unknown"]++;
              if (missing.length > 0) return expect(found?.unknown?.missing).not.toEqual([]);
              const own = settledEnds(seen, { source, destination });
              const expected = connections(seen, own.source, own.destination);
              expect(formatConnections(found?.connections ?? noConnections)).toBe(formatConnections(expected));
            };
            for (const pod of seen.pods) {
              if (end.kind === "pod" && podKey(pod) === podKey(end.pod)) continue;
              const found = reach.pods.find(({ pods }) => pods.includes(pod));
              compare(found, endpointOf(pod), []);
              expect(found === undefined || !isEmpty(found.connections) || found.unknown !== undefined).toBe(true);
              if (end.kind === "address") continue;
              const known = (one: Pod): Endpoint =>
                endpointOf(whole.pods.find((other) => podKey(other) === podKey(one))!);
              if (others.length === 0) expectAround(found, { whole, seen, as }, known(end.pod), known(pod));
            }
            if (end.kind === "address" || end.pod.hostNetwork) continue;
            for (const stranger of strangers) {
              const found = reach.addresses.find(({ intervals }) => hasAddress(intervals, stranger));
              compare(found, { kind: "address", address: stranger }, ["domain-name"]);
            }
          }
        },
      ),
      { numRuns: 15 },
    );
    expect(counts.known).toBeGreaterThan(100);
    expect(counts.unknown).toBeGreaterThan(100);
  });
});

describe("the blast radius of a pod, where not all is known", () => {
  it("has for sure only what is reached, and all that is reached as what may be", () => {
    const counts = { sure: 0, unknown: 0 };
    fc.assert(
      fc.property(
        arbitraryCluster(hidingFrame),
        arbitraryHidden,
        fc.integer({ min: 1, max: 3 }),
        (whole, hidden, mostHops) => {
          const seen = hide(whole, hidden);
          const hops = new Map([[whole.pods[0] as Pod, 0]]);
          for (const pod of hops.keys()) {
            const next = (hops.get(pod) ?? 0) + 1;
            for (const other of whole.pods) {
              if (next > mostHops || hops.has(other)) continue;
              if (!isEmpty(connections(whole, endpointOf(pod), endpointOf(other)))) hops.set(other, next);
            }
          }
          const { ends, safePods } = blastRadiusOf({ cluster: seen }, seen.pods[0] as Pod, { mostHops });
          for (const pod of whole.pods.slice(1)) {
            const found = ends.find(({ pods }) => pods.includes(podKey(pod)));
            const truth = hops.get(pod);
            const isSure = found !== undefined && !isEmpty(found.connections);
            counts[isSure ? "sure" : "unknown"]++;
            if (isSure) expect(truth).toBeLessThanOrEqual(found.hops);
            if (truth !== undefined) expect(found?.possibleHops ?? found?.hops).toBeLessThanOrEqual(truth);
            if (found?.unknown !== undefined) expect(found.unknown.missing).not.toEqual([]);
          }
          expect(ends.length + safePods).toBe(whole.pods.length - 1);
        },
      ),
      { numRuns: 60 },
    );
    expect(counts.sure).toBeGreaterThan(50);
    expect(counts.unknown).toBeGreaterThan(10);
  });
});
