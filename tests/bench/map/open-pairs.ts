import type { ConnectionSet, Pod } from "@podwall/engine";
import type { OpenBlock, PodClass } from "./podwall-map.ts";

/** Two classes of which pods may exchange this; one class twice where it has several pods. */
export interface OpenPair {
  readonly source: PodClass;
  readonly destination: PodClass;
  readonly connections: ConnectionSet;
}

/** Blocks as the pairs they stand for. */
export function* openPairs(blocks: Iterable<OpenBlock>): Generator<OpenPair> {
  for (const { sources, destinations, connections } of blocks) {
    for (const source of sources) {
      for (const destination of destinations) {
        if (isOnePod(source, destination)) continue;
        yield { source, destination, connections };
      }
    }
  }
}

/** How many pairs a block stands for, without going through them. */
export function countPairs({ sources, destinations }: OpenBlock): number {
  let count = sources.length * destinations.length;
  const both = sources.length === 1 ? undefined : new Set(destinations);
  for (const source of sources) {
    if (source.pods.size === 1 && (both?.has(source) ?? destinations.includes(source))) count--;
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

/** Ordered pairs of different workloads, or pods that are of none. */
export function countWorkloadPairs(pairs: Iterable<OpenPair>): number {
  const known = new Map<PodClass, ReadonlySet<string>>();
  const ownersOf = (podClass: PodClass): ReadonlySet<string> => {
    let owners = known.get(podClass);
    if (owners === undefined) known.set(podClass, (owners = new Set(Array.from(podClass.pods, ownerOf))));
    return owners;
  };
  let count = 0;
  for (const { source, destination } of pairs) {
    const [from, to] = [ownersOf(source), ownersOf(destination)];
    const [fewer, more] = from.size < to.size ? [from, to] : [to, from];
    count += from.size * to.size - [...fewer].filter((owner) => more.has(owner)).length;
  }
  return count;
}

function ownerOf({ namespace, name, workload }: Pod): string {
  return workload === undefined ? `${namespace}/pod/${name}` : `${namespace}/${workload.kind}/${workload.name}`;
}
