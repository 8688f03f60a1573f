import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Endpoint } from "../../evaluate/connection.ts";
import { connections } from "../../evaluate/connections.ts";
import { endpointOf } from "../../evaluate/endpoint-of.ts";
import { isOwnNode } from "../../evaluate/reference-evaluator.ts";
import type { Cluster, ClusterNode } from "../../model/cluster.ts";
import { type Pod, isPolicyPod, podKey } from "../../model/pod.ts";
import { type Address, compareAddresses, formatAddress, parseAddress } from "../../net/address.ts";
import { type Cidr, parseCidr } from "../../net/cidr.ts";
import { formatConnections, noConnections } from "../../net/connection-set.ts";
import { arbitraryCluster } from "../../testing/arbitrary-cluster.ts";
import type { ClusterFrame } from "../../testing/arbitrary-parts.ts";
import type { ClusterDiff, DiffEnd } from "./cluster-diff.ts";
import { diffClusters } from "./diff-clusters.ts";

const address = (text: string): Address => parseAddress(text) as Address;
const nodes: readonly ClusterNode[] = [1, 2].map((number) => ({
  kind: "Node",
  name: `n${number}`,
  labels: new Map([["app", number === 1 ? "a" : "b"]]),
  addresses: [address(`172.18.0.${number}`), address(`fd00:18::${number}`)],
  podCidrs: [parseCidr(`10.0.${number}.0/24`).cidr as Cidr],
}));

const frame: ClusterFrame = {
  namespaces: ["x", "y"],
  nodes,
  pods: Array.from({ length: 8 }, (_, index) => ({
    namespace: ["x", "y"][index % 2] as string,
    name: `pod-${index}`,
    ...(index % 3 === 0 ? {} : { node: `n${index % 3}` }),
    hostNetwork: index === 4,
    addresses: addressesOf(index),
  })),
  outside: [address("203.0.113.10"), address("2001:db8::10"), address("10.0.1.250")],
  ports: [53, 80, 8080],
  protocols: ["TCP", "UDP"],
  tiers: true,
};

function addressesOf(index: number): Address[] {
  const both = [address(`10.0.${(index % 2) + 1}.${index}`), address(`fd00::${index}`)];
  if (index === 4) return nodes[0]?.addresses.slice() ?? [];
  return index === 5 ? [] : index === 6 ? both.reverse() : both;
}

/** Two clusters of which the second takes some things from the first, so that some are equal and some are gone. */
const pairsOfClusters = fc
  .record({
    first: arbitraryCluster(frame),
    second: arbitraryCluster(frame),
    keepNamespaces: fc.boolean(),
    keepNodes: fc.integer({ min: 0, max: 3 }),
    keepPods: fc.array(fc.constantFrom("keep", "keep", "keep", "other", "gone", "new"), { minLength: 8, maxLength: 8 }),
    keepPolicies: fc.constantFrom("all", "most", "none"),
    keepClusterPolicies: fc.constantFrom("all", "most", "none"),
  })
  .map(({ first, second, ...keep }): readonly [Cluster, Cluster] => {
    const pick = <T>(how: string, a: readonly T[], b: readonly T[]): readonly T[] =>
      how === "all" ? a : how === "none" ? b : [...a.slice(1), ...b.slice(0, 1)];
    const pods = (mine: "first" | "second"): Pod[] =>
      keep.keepPods.flatMap((how, index) => {
        const [a, b] = [first.pods[index] as Pod, second.pods[index] as Pod];
        if (how === "gone") return mine === "first" ? [a] : [];
        if (how === "new") return mine === "second" ? [a] : [];
        return mine === "second" && how === "other" ? [b] : [a];
      });
    const after: Cluster = {
      ...second,
      namespaces: keep.keepNamespaces ? first.namespaces : second.namespaces,
      nodes: new Map(
        [...first.nodes].filter((_, index) => ((keep.keepNodes >> index) & 1) === 1 || keep.keepNodes === 0),
      ),
      pods: pods("second"),
      policies: pick(keep.keepPolicies, first.policies, second.policies).map((p, i) => ({ ...p, name: `policy-${i}` })),
      clusterPolicies: pick(keep.keepClusterPolicies, first.clusterPolicies, second.clusterPolicies),
    };
    return [{ ...first, pods: pods("first") }, after];
  });

/** The words for one end in the keys of changes. */
function wordsFor(end: DiffEnd, addresses: readonly Address[]): readonly string[] {
  if (end.kind === "pods") return end.pods;
  if (end.kind === "domain") return [end.name];
  return addresses
    .filter((own) =>
      end.intervals.some(({ first, last }) => compareAddresses(first, own) <= 0 && compareAddresses(own, last) <= 0),
    )
    .map(formatAddress);
}

function changesIn({ blocks }: ClusterDiff, addresses: readonly Address[]): Map<string, string> {
  const changes = new Map<string, string>();
  for (const { sources, destinations, before, after } of blocks) {
    for (const source of sources.flatMap((end) => wordsFor(end, addresses))) {
      for (const destination of destinations.flatMap((end) => wordsFor(end, addresses))) {
        if (source === destination) continue;
        const key = `${source} ${destination}`;
        expect([key, changes.get(key)]).toEqual([key, undefined]);
        changes.set(key, `${formatConnections(before)} > ${formatConnections(after)}`);
      }
    }
  }
  return changes;
}

type Ends = ReadonlyMap<string, Endpoint>;

function podsOf({ pods }: Cluster): Ends {
  return new Map(pods.filter(isPolicyPod).map((pod) => [podKey(pod), endpointOf(pod)]));
}

function referenceChanges(before: Cluster, after: Cluster, addresses: readonly Address[]): Map<string, string> {
  const [was, is] = [podsOf(before), podsOf(after)];
  const outside = new Map(addresses.map((own) => [formatAddress(own), { kind: "address", address: own } as Endpoint]));
  const changes = new Map<string, string>();
  const compare = (from: string, to: string): void => {
    const of = (cluster: Cluster, ends: Ends): string => {
      const [source, destination] = [ends.get(from) ?? outside.get(from), ends.get(to) ?? outside.get(to)];
      if (source === undefined || destination === undefined) return formatConnections(noConnections);
      return formatConnections(connections(cluster, source, destination));
    };
    const [old, now] = [of(before, was), of(after, is)];
    if (old !== now) changes.set(`${from} ${to}`, `${old} > ${now}`);
  };
  const pods = [...new Set([...was.keys(), ...is.keys()])];
  const touchesOwnNode = (key: string, other: Endpoint): boolean =>
    [
      [before, was.get(key)],
      [after, is.get(key)],
    ].some(([cluster, end]) => {
      const pod = (end as Endpoint | undefined)?.kind === "pod" ? (end as { readonly pod: Pod }).pod : undefined;
      return pod !== undefined && isOwnNode(cluster as Cluster, pod, other);
    });
  for (const from of pods) {
    for (const to of pods) if (from !== to) compare(from, to);
    for (const [name, end] of outside) {
      if (touchesOwnNode(from, end)) continue;
      compare(from, name);
      compare(name, from);
    }
  }
  return changes;
}

describe("the difference of two clusters", () => {
  it("is what the reference evaluator says of every pair", () => {
    const addresses = [...frame.outside, ...nodes.flatMap((node) => node.addresses)];
    fc.assert(
      fc.property(pairsOfClusters, ([before, after]) => {
        const found = changesIn(diffClusters(before, after), addresses);
        const expected = referenceChanges(before, after, addresses);
        // By name nothing is said of addresses; what touches the own node of a pod is left out on both sides.
        for (const key of found.keys()) {
          if (key.endsWith("example.com")) found.delete(key);
          else if (!expected.has(key) && key.split(" ").some((word) => /^172\.18|^fd00:18/.test(word)))
            found.delete(key);
        }
        expect(Object.fromEntries([...found].sort())).toEqual(Object.fromEntries([...expected].sort()));
      }),
      { numRuns: 200 },
    );
  });

  it("is nothing for a cluster and itself, in whatever order its objects come", () => {
    fc.assert(
      fc.property(arbitraryCluster(frame), (cluster) => {
        const reversed = {
          ...cluster,
          pods: cluster.pods.toReversed(),
          policies: cluster.policies.toReversed(),
          clusterPolicies: cluster.clusterPolicies.toReversed(),
        };
        expect(diffClusters(cluster, reversed).blocks).toEqual([]);
      }),
    );
  });
});
