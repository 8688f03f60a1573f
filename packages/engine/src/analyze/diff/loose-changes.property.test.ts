import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Endpoint } from "../../evaluate/connection.ts";
import { connections } from "../../evaluate/connections.ts";
import { endpointOf } from "../../evaluate/endpoint-of.ts";
import type { Cluster } from "../../model/cluster.ts";
import { isPolicyPod, podKey } from "../../model/pod.ts";
import { type Address, formatAddress } from "../../net/address.ts";
import { type ConnectionSet, isSubset, noConnections, subtract, union } from "../../net/connection-set.ts";
import { arbitraryCluster } from "../../testing/arbitrary-cluster.ts";
import { arbitraryHidden, hide, hidingFrame } from "../../testing/hidden-cluster.ts";
import { hasAddress } from "../address-intervals.ts";
import type { ClusterDiff, DiffBlock, DiffEnd } from "./cluster-diff.ts";
import { diffClusters } from "./diff-clusters.ts";

const [stranger] = hidingFrame.outside as [Address];

/** Two clusters that differ in what policies say. */
const arbitraryChange = fc
  .record({ first: arbitraryCluster(hidingFrame), second: arbitraryCluster(hidingFrame), keepTiers: fc.boolean() })
  .map(({ first, second, keepTiers }) => {
    const policies = [...first.policies.slice(1), ...second.policies.slice(0, 1)];
    const after: Cluster = {
      ...first,
      policies: policies.map((policy, index) => ({ ...policy, name: `policy-${index}` })),
      clusterPolicies: keepTiers ? first.clusterPolicies : second.clusterPolicies,
    };
    return { before: first, after };
  });

function isOf(end: DiffEnd, name: string): boolean {
  if (end.kind === "pods") return end.pods.includes(name);
  return end.kind === "addresses" && name === formatAddress(stranger) && hasAddress(end.intervals, stranger);
}

function blockOf({ blocks }: ClusterDiff, from: string, to: string): DiffBlock | undefined {
  const found = blocks.filter(
    ({ sources, destinations }) => sources.some((end) => isOf(end, from)) && destinations.some((end) => isOf(end, to)),
  );
  expect(found.length).toBeLessThan(2);
  return found[0];
}

describe("a change of what is not wholly known", () => {
  it("is told for sure where it is so whatever is hidden, and else as what may be", () => {
    const counts = { sure: 0, unknown: 0 };
    fc.assert(
      fc.property(
        arbitraryChange,
        arbitraryHidden.filter(({ namespaces }) => namespaces.length < 2),
        ({ before, after }, hidden) => {
          const [was, is] = [hide(before, hidden), hide(after, hidden)];
          const diff = diffClusters(was, is, { before: { others: [] }, after: { others: [] } });
          const ends = new Map<string, Endpoint>([
            ...before.pods.filter(isPolicyPod).map((pod) => [podKey(pod), endpointOf(pod)] as const),
            [formatAddress(stranger), { kind: "address", address: stranger }],
          ]);
          const check = (sure: ConnectionSet, maybe: ConnectionSet, truth: ConnectionSet): void => {
            expect(isSubset(sure, truth)).toBe(true);
            expect(isSubset(truth, union(sure, maybe))).toBe(true);
          };
          for (const [from, source] of ends) {
            for (const [to, destination] of ends) {
              if (from === to) continue;
              const [old, now] = [connections(before, source, destination), connections(after, source, destination)];
              const block = blockOf(diff, from, to);
              const { opened = noConnections, closed = noConnections, unknown } = block ?? {};
              check(opened, unknown?.opened ?? noConnections, subtract(now, old));
              check(closed, unknown?.closed ?? noConnections, subtract(old, now));
              if (block === undefined) continue;
              counts[unknown === undefined ? "sure" : "unknown"]++;
              if (unknown !== undefined) expect(unknown.missing).not.toEqual([]);
            }
          }
        },
      ),
      { numRuns: 10 },
    );
    expect(counts.sure).toBeGreaterThan(5);
    expect(counts.unknown).toBeGreaterThan(1);
  });
});
