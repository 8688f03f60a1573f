import { createHash } from "node:crypto";
import { formatConnections, podKey } from "@podwall/engine";
import type { OpenBlock, PodClass } from "./podwall-map.ts";

/**
 * One number for everything a map says: the sum, over all ordered pairs of different pods that may exchange something,
 * of source x destination x connection set, each hashed to 64 bits. Sums of products are products of sums, so it costs
 * a step a class of each block, and does not depend on how pods were put into classes, numbered or ordered.
 */
export function checksumOf(blocks: Iterable<OpenBlock>): string {
  const known = new Map<PodClass, ClassSums>();
  const sumsOf = (podClass: PodClass): ClassSums => {
    const sums = known.get(podClass) ?? classSums(podClass);
    known.set(podClass, sums);
    return sums;
  };
  const sets = new Map<string, bigint>();
  let total = 0n;
  for (const { sources, destinations, connections } of blocks) {
    const text = formatConnections(connections);
    const set = sets.get(text) ?? hash(`set ${text}`);
    sets.set(text, set);
    const to = destinations.reduce((sum, podClass) => sum + sumsOf(podClass).destination, 0n);
    const both = new Set(destinations);
    let pairs = 0n;
    for (const source of sources) {
      const from = sumsOf(source);
      pairs += from.source * to;
      if (both.has(source)) pairs -= from.self;
    }
    total = wrap(total + wrap(pairs) * set);
  }
  return total.toString(16).padStart(16, "0");
}

interface ClassSums {
  readonly source: bigint;
  readonly destination: bigint;
  /** What pairs of a pod with itself would add, which are none. */
  readonly self: bigint;
}

function classSums({ pods }: PodClass): ClassSums {
  let [source, destination, self] = [0n, 0n, 0n];
  for (const pod of pods) {
    const from = hash(`from ${podKey(pod)}`);
    const to = hash(`to ${podKey(pod)}`);
    source += from;
    destination += to;
    self += from * to;
  }
  return { source: wrap(source), destination: wrap(destination), self: wrap(self) };
}

function wrap(number: bigint): bigint {
  return BigInt.asUintN(64, number);
}

function hash(text: string): bigint {
  return createHash("sha256").update(text).digest().readBigUInt64LE();
}
