import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cluster, ClusterNode, Namespace } from "../../model/cluster.ts";
import type { ClusterPolicy } from "../../model/cluster-policy.ts";
import type { NetworkPolicy } from "../../model/network-policy.ts";
import { type Pod, isPolicyPod, podKey } from "../../model/pod.ts";
import { type Address, parseAddress } from "../../net/address.ts";
import { type Cidr, parseCidr } from "../../net/cidr.ts";
import { formatConnections, isEmpty } from "../../net/connection-set.ts";
import { arbitraryCluster } from "../../testing/arbitrary-cluster.ts";
import type { ClusterFrame } from "../../testing/arbitrary-parts.ts";
import type { Connection, Endpoint } from "../connection.ts";
import { connections } from "../connections.ts";
import { endpointOf } from "../endpoint-of.ts";
import { verdict } from "../reference-evaluator.ts";
import { type ClusterChange, FastEvaluator } from "./fast-evaluator.ts";

const address = (text: string): Address => parseAddress(text) as Address;
const nodes: readonly ClusterNode[] = [1, 2].map((number) => ({
  kind: "Node",
  name: `n${number}`,
  labels: new Map([["app", number === 1 ? "a" : "b"]]),
  addresses: [address(`172.18.0.${number}`), address(`fd00:18::${number}`)],
  podCidrs: [parseCidr(`10.0.${number}.0/24`).cidr as Cidr],
}));

function frameOf(pods: number): ClusterFrame {
  return {
    namespaces: ["x", "y", "z"],
    nodes,
    pods: Array.from({ length: pods }, (_, index) => ({
      namespace: ["x", "y", "z"][index % 3] as string,
      name: `pod-${index}`,
      ...(index % 3 === 0 ? {} : { node: `n${index % 3}` }),
      hostNetwork: index === 4,
      addresses: addressesOf(index),
    })),
    // The third is in a pod range, but no pod's.
    outside: [address("203.0.113.10"), address("2001:db8::10"), address("10.0.1.250")],
    ports: [53, 80, 81, 8080],
    protocols: ["TCP", "UDP", "SCTP"],
    tiers: true,
  };
}

/** Two of each sort: both families, one only, none, IPv6 first. */
function addressesOf(index: number): Address[] {
  const both = [address(`10.0.${(index % 2) + 1}.${index}`), address(`fd00::${index}`)];
  if (index === 4) return nodes[0]?.addresses.slice() ?? [];
  if (index % 7 === 5) return [];
  if (index % 7 === 3) return both.slice(1);
  return index % 7 === 6 ? both.reverse() : both;
}

/** Every way a connection may end in a cluster: each pod by each address and by none, and addresses alone. */
function endsOf(cluster: Cluster, frame: ClusterFrame): Endpoint[] {
  return [
    ...cluster.pods.flatMap((pod): Endpoint[] => [
      { kind: "pod", pod },
      ...pod.addresses.map((own) => ({ kind: "pod" as const, pod, address: own })),
    ]),
    ...[...frame.outside, ...nodes.flatMap(({ addresses }) => addresses)].map((own) => ({
      kind: "address" as const,
      address: own,
    })),
  ];
}

function checkAllPairs(fast: FastEvaluator, cluster: Cluster, frame: ClusterFrame): void {
  const ends = endsOf(cluster, frame);
  for (const source of ends) {
    for (const destination of ends) {
      const expected = formatConnections(connections(cluster, source, destination));
      const found = formatConnections(fast.connections(source, destination));
      if (found !== expected) expect({ source, destination, connections: found }).toEqual({ connections: expected });
    }
  }
}

/** Every pod that reaches itself through a Service, by each of its addresses. */
function checkItself(fast: FastEvaluator, cluster: Cluster, frame: ClusterFrame): void {
  for (const end of endsOf(cluster, frame)) {
    for (const protocol of frame.protocols) {
      for (const port of frame.ports) {
        const connection: Connection = { source: end, destination: end, protocol, port, throughService: true };
        const { allowed } = verdict(cluster, connection);
        if (fast.allows(connection) !== allowed) expect({ connection, allowed: !allowed }).toEqual({ allowed });
      }
    }
  }
}

/** What each ordered pair of different pods may exchange, as the reference evaluator says; pairs that may nothing are left out. */
function referenceMap(cluster: Cluster): Map<string, string> {
  const pods = cluster.pods.filter(isPolicyPod);
  const pairs = new Map<string, string>();
  for (const source of pods) {
    for (const destination of pods) {
      if (source === destination) continue;
      const set = connections(cluster, endpointOf(source), endpointOf(destination));
      if (!isEmpty(set)) pairs.set(`${podKey(source)} ${podKey(destination)}`, formatConnections(set));
    }
  }
  return pairs;
}

function keysOf(sources: Iterable<Pod>, destinations: Iterable<Pod>): string[] {
  const others = [...destinations];
  return [...sources].flatMap((source) =>
    others
      .filter((destination) => destination !== source)
      .map((destination) => `${podKey(source)} ${podKey(destination)}`),
  );
}

/** Few questions of so small clusters are broad by themselves. */
const broadFrom = fc.constantFrom(1, 3, 64);

function fastMap(fast: FastEvaluator): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const { sources, destinations, connections: set } of fast.openBlocks()) {
    for (const from of sources) {
      for (const to of destinations) {
        for (const key of keysOf(from.pods, to.pods)) {
          expect(pairs.has(key)).toBe(false);
          pairs.set(key, formatConnections(set));
        }
      }
    }
  }
  return pairs;
}

/** The steps that lead from one cluster to another, with the cluster after each. */
function stepsBetween(from: Cluster, to: Cluster): { readonly change: ClusterChange; readonly cluster: Cluster }[] {
  const steps: { change: ClusterChange; cluster: Cluster }[] = [];
  let now = from;
  const step = (change: ClusterChange, next: Partial<Cluster>): void => {
    now = { ...now, ...next };
    steps.push({ change, cluster: now });
  };
  const each = <T extends Pod | Namespace | NetworkPolicy | ClusterPolicy>(
    before: Iterable<T>,
    after: Iterable<T>,
    keyOf: (object: T) => string,
    put: (objects: readonly T[]) => Partial<Cluster>,
  ): void => {
    const objects = new Map([...before].map((object) => [keyOf(object), object]));
    const wanted = new Map([...after].map((object) => [keyOf(object), object]));
    for (const key of new Set([...objects.keys(), ...wanted.keys()])) {
      const [old, next] = [objects.get(key), wanted.get(key)];
      if (next === undefined) objects.delete(key);
      else objects.set(key, next);
      step({ ...(old && { before: old }), ...(next && { after: next }) }, put([...objects.values()]));
    }
  };
  const policyName = ({ namespace, name }: NetworkPolicy): string => `${namespace}/${name}`;
  each(from.policies, to.policies, policyName, (policies) => ({ policies }));
  each(from.pods, to.pods, podKey, (pods) => ({ pods }));
  const nameOf = ({ kind, name }: Namespace | ClusterPolicy): string => `${kind} ${name}`;
  each(from.namespaces.values(), to.namespaces.values(), nameOf, (namespaces) => ({
    namespaces: new Map(namespaces.map((namespace) => [namespace.name, namespace])),
  }));
  each(from.clusterPolicies, to.clusterPolicies, nameOf, (clusterPolicies) => ({ clusterPolicies }));
  return steps;
}

/** Clusters over a frame in which some of the pods are missing. */
function arbitraryPart(frame: ClusterFrame): fc.Arbitrary<Cluster> {
  return fc
    .tuple(
      arbitraryCluster(frame),
      fc.array(fc.boolean(), { minLength: frame.pods.length, maxLength: frame.pods.length }),
    )
    .map(([cluster, kept]) => ({ ...cluster, pods: cluster.pods.filter((_, index) => index < 2 || kept[index]) }));
}

describe("the fast evaluator", () => {
  it.each([
    [8, 300],
    [40, 5],
  ])("answers as the reference evaluator does, on random clusters of %i pods", (pods, runs) => {
    const frame = frameOf(pods);
    fc.assert(
      fc.property(arbitraryCluster(frame), broadFrom, (cluster, from) => {
        const fast = new FastEvaluator(cluster, { broadFrom: from });
        checkAllPairs(fast, cluster, frame);
        checkItself(fast, cluster, frame);
      }),
      { numRuns: runs },
    );
  });

  it.each([
    [9, 300],
    [40, 5],
  ])("has in its map each pair of pods that may exchange something, once, in clusters of %i pods", (pods, runs) => {
    fc.assert(
      fc.property(arbitraryCluster(frameOf(pods)), broadFrom, (cluster, from) => {
        expect(fastMap(new FastEvaluator(cluster, { broadFrom: from }))).toEqual(referenceMap(cluster));
      }),
      { numRuns: runs },
    );
  });

  it("follows changes of pods, policies and namespaces, and says which pairs they change", () => {
    const frame = frameOf(8);
    fc.assert(
      fc.property(arbitraryPart(frame), arbitraryPart(frame), broadFrom, (from, to, broad) => {
        const fast = new FastEvaluator(from, { broadFrom: broad });
        let before = referenceMap(from);
        for (const { change, cluster } of stepsBetween(from, to)) {
          const said = saidOf(fast, change);
          const after = referenceMap(cluster);
          expect(said).toEqual(changesBetween(before, after, said.moved));
          before = after;
        }
        checkAllPairs(fast, to, frame);
        checkItself(fast, to, frame);
        expect(fastMap(fast)).toEqual(referenceMap(to));
      }),
      { numRuns: 300 },
    );
  });

  it("follows changes of nodes", () => {
    const frame = frameOf(8);
    const moved = nodes.map((node, index) => ({ ...node, addresses: nodes[1 - index]?.addresses ?? [] }));
    fc.assert(
      fc.property(arbitraryCluster(frame), broadFrom, (cluster, from) => {
        const fast = new FastEvaluator(cluster, { broadFrom: from });
        for (const [index, after] of moved.entries()) fast.update({ before: nodes[index] as ClusterNode, after });
        checkAllPairs(fast, { ...cluster, nodes: new Map(moved.map((node) => [node.name, node])) }, frame);
        fast.update({ before: moved[0] as ClusterNode });
        checkAllPairs(fast, { ...cluster, nodes: new Map([["n2", moved[1] as ClusterNode]]) }, frame);
      }),
      { numRuns: 100 },
    );
  });
});

interface Changes {
  /** The pods that came, went, or are of another class: nothing is said of their pairs. */
  readonly moved: ReadonlySet<string>;
  readonly pairs: ReadonlyMap<string, string>;
}

/** What an evaluator says of a change: pairs of pods, with what they might and may exchange. */
function saidOf(fast: FastEvaluator, change: ClusterChange): Changes {
  const said = fast.update(change);
  const moved = new Set(said.pods.map(({ key }) => key));
  const pairs = new Map<string, string>();
  for (const { source, destination, before, after } of said.pairs) {
    for (const from of source.pods) {
      for (const to of destination.pods) {
        const key = `${podKey(from)} ${podKey(to)}`;
        if (from === to || moved.has(podKey(from)) || moved.has(podKey(to))) continue;
        expect(pairs.has(key)).toBe(false);
        pairs.set(key, `${formatConnections(before)} => ${formatConnections(after)}`);
      }
    }
  }
  return { moved, pairs };
}

function changesBetween(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  moved: ReadonlySet<string>,
): Changes {
  const pairs = new Map<string, string>();
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(key) ?? "none", after.get(key) ?? "none"];
    if (was !== is && !key.split(" ").some((pod) => moved.has(pod))) pairs.set(key, `${was} => ${is}`);
  }
  return { moved, pairs };
}
