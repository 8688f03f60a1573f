import { createHash } from "node:crypto";
import {
  type Cluster,
  type ConnectionSet,
  type Pod,
  allConnections,
  clusterFrom,
  connections,
  endpointOf,
  formatConnections,
  isEmpty,
  podKey,
  portsOf,
  readManifests,
} from "@podwall/engine";
import { describe, expect, it } from "vitest";
import type { BenchInput } from "../generate/bench-input.ts";
import { generateCluster } from "../generate/generate-cluster.ts";
import { manifestFiles } from "../generate/manifests.ts";
import { mixes } from "../generate/mix.ts";
import { checkAgainstReference } from "./check-against-reference.ts";
import { checksumOf } from "./checksum.ts";
import { countPairs, openPairs, sizeOf } from "./open-pairs.ts";
import { type OpenBlock, type PodClass, mapOf, totalsByNamespace } from "./podwall-map.ts";

function smallCluster(dualStack: boolean): Cluster {
  const [mix] = mixes;
  if (mix === undefined) throw new Error("there is no mix");
  const profile = { name: "small", namespaces: 6, pods: 60, policies: 60 };
  const input: BenchInput = { profile, mix, form: "pods", dualStack, seed: "1" };
  const files = manifestFiles(generateCluster(input), input).map(({ path, text }) => ({ name: path, text }));
  return clusterFrom(readManifests(files).objects);
}

/** Every open pair of pods alone, as the reference evaluator has it. */
function referencePairs(cluster: Cluster): { readonly from: Pod; readonly to: Pod; readonly set: ConnectionSet }[] {
  const { pods } = cluster;
  return pods.flatMap((from) =>
    pods.flatMap((to) => {
      const set = connections(cluster, endpointOf(from), endpointOf(to));
      return from === to || isEmpty(set) ? [] : [{ from, to, set }];
    }),
  );
}

/** The definition of the checksum, without its short cuts. */
function slowChecksum(pairs: ReturnType<typeof referencePairs>): string {
  const hash = (text: string): bigint => createHash("sha256").update(text).digest().readBigUInt64LE();
  const products = pairs.map(
    ({ from, to, set }) =>
      hash(`from ${podKey(from)}`) * hash(`to ${podKey(to)}`) * hash(`set ${formatConnections(set)}`),
  );
  const sum = products.reduce((total, product) => total + product, 0n);
  return BigInt.asUintN(64, sum).toString(16).padStart(16, "0");
}

describe.each([false, true])("a map (dual stack: %s)", (dualStack) => {
  const cluster = smallCluster(dualStack);
  const map = mapOf(cluster);
  const expected = referencePairs(cluster);

  it("has the checksum of what the reference evaluator says of every pair of pods", () => {
    expect(expected.length).toBeGreaterThan(300);
    expect(checksumOf(map.blocks())).toBe(slowChecksum(expected));
  });

  it("has the pairs of pods of the reference evaluator, in its totals too", () => {
    expect(sizeOf(openPairs(map.blocks())).podPairs).toBe(expected.length);
    const totals = [...totalsByNamespace(map.blocks()).values()].flatMap((row) => [...row.values()]);
    expect(totals.reduce((sum, count) => sum + count, 0)).toBe(expected.length);
  });

  it("agrees with the reference evaluator on random pairs", () => {
    const check = checkAgainstReference(cluster, map, 2_000, "test");
    expect(check).toMatchObject({ pairs: 2_000, differences: [] });
    expect(check.open).toBeGreaterThan(600);
    expect(check.open).toBeLessThan(1_400);
  });

  it("is caught when it says too much, too little or another port", () => {
    const blocks = [...map.blocks()];
    const tampered: Record<string, readonly OpenBlock[]> = {
      tooMuch: [{ sources: map.classes, destinations: map.classes, connections: allConnections }],
      tooLittle: blocks.slice(0, blocks.length / 2),
      anotherPort: blocks.map((block) => ({ ...block, connections: portsOf("TCP", [{ first: 1, last: 1 }]) })),
    };
    for (const changed of Object.values(tampered)) {
      expect(checksumOf(changed)).not.toBe(checksumOf(blocks));
      const check = checkAgainstReference(cluster, { ...map, blocks: () => changed }, 2_000, "test");
      expect(check.differences.length).toBeGreaterThan(0);
    }
  });
});

describe("a checksum", () => {
  const map = mapOf(smallCluster(false));
  const blocks = [...map.blocks()];

  it("does not depend on the order of blocks", () => {
    expect(checksumOf(blocks.toReversed())).toBe(checksumOf(blocks));
  });

  it("does not depend on which pods are a class together", () => {
    const alone = new Map(map.classes.map((own) => [own, splitUp(own)]));
    const all = (classes: Iterable<PodClass>): PodClass[] => [...classes].flatMap((own) => alone.get(own) ?? []);
    const split = blocks.map((block) => ({
      ...block,
      sources: all(block.sources),
      destinations: all(block.destinations),
    }));
    expect(checksumOf(split)).toBe(checksumOf(blocks));
    expect(sizeOf(openPairs(split)).podPairs).toBe(sizeOf(openPairs(blocks)).podPairs);
  });

  it("is that of the pairs a block stands for, when it stands for many", () => {
    const [first, second, third, fourth] = map.classes as [PodClass, PodClass, PodClass, PodClass];
    const block: OpenBlock = {
      sources: [first, second, third],
      destinations: [second, third, fourth],
      connections: allConnections,
    };
    const pairs = [...openPairs([block])];
    const single = pairs.map(({ source, destination }) => ({
      ...block,
      sources: [source],
      destinations: [destination],
    }));
    expect(pairs.length).toBe(9 - [second, third].filter(({ pods }) => pods.size === 1).length);
    expect(countPairs(block)).toBe(pairs.length);
    expect(checksumOf([block])).toBe(checksumOf(single));
    const totals = [...totalsByNamespace([block]).values()].flatMap((row) => [...row.values()]);
    expect(totals.reduce((sum, count) => sum + count, 0)).toBe(sizeOf(pairs).podPairs);
  });
});

/** A class for each pod. */
function splitUp(own: PodClass): PodClass[] {
  return [...own.pods].map((pod) => ({ ...own, pods: new Set([pod]) }));
}
