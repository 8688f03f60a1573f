import type { ConnectionSet } from "@podwall/engine";
import type { OpenBlock, PodClass } from "./podwall-map.ts";

/** Two classes of which pods may exchange this; one class twice where it has several pods. */
export interface OpenPair {
  readonly source: PodClass;
  readonly destination: PodClass;
  readonly connections: ConnectionSet;
}

/** Blocks as the pairs they stand for. */
export function* openPairs(blocks: Iterable<OpenBlock>): Generator<OpenPair> {
  for (const { sources, destinations, connections, except } of blocks) {
    for (const source of sources) {
      const left = except.get(source);
      for (const destination of destinations) {
        if (left?.has(destination) === true || isOnePod(source, destination)) continue;
        yield { source, destination, connections };
      }
    }
  }
}

/** How many pairs a block stands for, without going through them. */
export function countPairs({ sources, destinations, except }: OpenBlock): number {
  const both = new Set(destinations);
  let count = sources.length * destinations.length;
  for (const [, left] of except) count -= left.size;
  for (const source of sources) {
    if (both.has(source) && isOnePod(source, source) && except.get(source)?.has(source) !== true) count--;
  }
  return count;
}

function isOnePod(source: PodClass, destination: PodClass): boolean {
  return source === destination && source.pods.size === 1;
}

/** How much a map holds. */
export interface MapSize {
  readonly classPairs: number;
  /** Ordered pairs of different pods. */
  readonly podPairs: number;
}

export function sizeOf(pairs: Iterable<OpenPair>): MapSize {
  let classPairs = 0;
  let podPairs = 0;
  for (const { source, destination } of pairs) {
    classPairs++;
    podPairs += source.pods.size * (source === destination ? source.pods.size - 1 : destination.pods.size);
  }
  return { classPairs, podPairs };
}
