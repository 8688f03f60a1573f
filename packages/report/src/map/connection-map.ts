import {
  type Cluster,
  type ConnectionSet,
  FastEvaluator,
  type OtherObject,
  PairAnswers,
  type PodClass,
  type Seen,
  acceptsNames,
  podKey,
  reachedNamesOfAll,
} from "@podwall/engine";
import { LoosePairs, isItself } from "./loose-pairs.ts";
import { type MapEnd, mapEnds } from "./map-ends.ts";
import type { MapPair } from "./map-pair.ts";
import { outsideEnds } from "./outside-ends.ts";

/** Who may talk to whom: pods that policies treat alike are one end, under their workload's name. */
export interface ConnectionMap {
  readonly ends: readonly MapEnd[];
  /**
   * The ordered pairs that may exchange something, or of which that is not known: of different ends, of one end with itself where it stands for several
   * pods, and of each end with the blocks that policies name and with what none names.
   */
  readonly pairs: readonly MapPair[];
  /** What ends may reach by name; which addresses that are cannot be told. */
  readonly byName: readonly MapPair[];
  /** How many pairs may not. */
  readonly closed: number;
}

/** Works out the whole map. `others` are objects that answers are not made of, and that may change them. */
export function connectionMap(cluster: Cluster, others: readonly OtherObject[] = []): ConnectionMap {
  const evaluator = new FastEvaluator(cluster);
  const answers = new PairAnswers([{ cluster, others, evaluator }]);
  const ends = mapEnds(evaluator);
  const all = [...ends.values()].flat();
  const outside = outsideEnds(cluster, evaluator);
  const loose = new LoosePairs(cluster, answers, all);
  const known = [...podPairs(evaluator, ends, loose), ...outsidePairs(evaluator, ends, outside, loose)];
  const pairs = inOrder(loose.isEmpty ? known : [...known, ...loose.among(all), ...loose.outside(all, outside)], [
    ...all.map(({ name }) => name),
    ...outside.keys(),
  ]);
  const several = all.filter(({ pods }) => pods.length > 1).length;
  const total = all.length * (all.length - 1) + several + 2 * all.length * outside.size;
  return { ends: all, pairs, byName: [...pairsByName({ cluster, others }, ends)], closed: total - pairs.length };
}

type Ends = ReadonlyMap<PodClass, readonly MapEnd[]>;

function endsOf(ends: Ends, classes: Iterable<PodClass>): readonly MapEnd[] {
  return [...classes].flatMap((podClass) => ends.get(podClass) ?? []);
}

function* podPairs(evaluator: FastEvaluator, ends: Ends, loose: LoosePairs): Generator<MapPair> {
  for (const { sources, destinations, connections } of evaluator.openBlocks()) {
    for (const from of sources) {
      for (const to of destinations) yield* endPairs(ends.get(from) ?? [], ends.get(to) ?? [], connections, loose);
    }
  }
}

function* endPairs(
  sources: readonly MapEnd[],
  destinations: readonly MapEnd[],
  connections: ConnectionSet,
  loose: LoosePairs,
): Generator<MapPair> {
  for (const source of sources) {
    for (const destination of destinations) {
      if (isItself(source, destination) || (!loose.isEmpty && loose.has(source, destination))) continue;
      yield { source: source.name, destination: destination.name, connections };
    }
  }
}

function* outsidePairs(
  evaluator: FastEvaluator,
  ends: Ends,
  outside: ReturnType<typeof outsideEnds>,
  loose: LoosePairs,
): Generator<MapPair> {
  for (const { direction, classes, ends: others, connections } of evaluator.outsideBlocks(outside)) {
    for (const end of endsOf(ends, classes)) {
      if (!loose.isEmpty && loose.hasOutside(end, direction)) continue;
      for (const other of others) {
        const [source, destination] = direction === "egress" ? [end.name, other] : [other, end.name];
        yield { source, destination, connections };
      }
    }
  }
}

function* pairsByName(seen: Seen, ends: Ends): Generator<MapPair> {
  if (!acceptsNames(seen.cluster)) return;
  for (const [{ pods }, own] of ends) {
    const byKey = new Map(Array.from(pods, (pod) => [podKey(pod), pod]));
    for (const { name, pods: keys } of own) {
      const some = keys.flatMap((key) => byKey.get(key) ?? []);
      for (const { domainNames, ...set } of reachedNamesOfAll(seen, some)) {
        for (const destination of domainNames) yield { source: name, destination, ...set };
      }
    }
  }
}

/** By source, then by destination, each in the order of the ends. */
function inOrder(pairs: readonly MapPair[], names: readonly string[]): readonly MapPair[] {
  const places = new Map(names.map((name, index) => [name, index]));
  const place = (name: string): number => places.get(name) ?? names.length;
  return pairs
    .map((pair) => ({ pair, order: place(pair.source) * (names.length + 1) + place(pair.destination) }))
    .sort((a, b) => a.order - b.order)
    .map(({ pair }) => pair);
}
