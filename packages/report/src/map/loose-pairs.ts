import {
  type Cluster,
  type ConnectionSet,
  type Endpoint,
  type MissingFact,
  type PairAnswers,
  type Pod,
  type QuickEnd,
  intersect,
  isEmpty,
  oneOfEachSort,
  podKey,
  subtract,
  union,
} from "@podwall/engine";
import type { MapPair } from "./map-pair.ts";
import type { MapEnd } from "./map-ends.ts";

/** What is not known of pairs of a map. */
export class LoosePairs {
  readonly #answers: PairAnswers;
  readonly #ends = new Map<MapEnd, readonly QuickEnd[]>();

  constructor(cluster: Cluster, answers: PairAnswers, ends: readonly MapEnd[]) {
    this.#answers = answers;
    if (this.#answers.isWhole) return;
    const pods = new Map(cluster.pods.map((pod) => [podKey(pod), pod]));
    for (const end of ends) this.#ends.set(end, this.#samplesOf(end.pods.map((key) => pods.get(key) as Pod)));
  }

  /** Whether nothing is. */
  get isEmpty(): boolean {
    return this.#answers.isWhole;
  }

  /** Whether an end's own rules, as it sends or as it receives, may depend on what is not known of others. */
  isAsking(end: MapEnd, place: "source" | "destination"): boolean {
    return this.#of(end).some(({ profile }) => this.#answers.isAsking(profile, place));
  }

  /** Whether what two ends may exchange may depend on what is not known. */
  has(source: MapEnd, destination: MapEnd): boolean {
    return this.#has(this.#of(source), this.#of(destination));
  }

  /** What a source may exchange with those of other ends of which that may depend on what is not known; nothing where that is closed for sure. */
  *pairsOf(source: MapEnd, destinations: readonly MapEnd[]): Generator<MapPair> {
    const own = this.#of(source);
    for (const destination of destinations) {
      const others = this.#of(destination);
      if (isItself(source, destination) || !this.#has(own, others) || this.#isClosed(own, others)) continue;
      const answers = own.flatMap(({ pod: from }) => others.map(({ pod: to }) => this.#answers.answer(from, to)));
      const pair = mapPair(source.name, destination.name, answers);
      if (pair !== undefined) yield pair;
    }
  }

  /** Whether what an end may exchange with ends that are no pods may depend on what is not known. */
  hasOutside(end: MapEnd): boolean {
    return this.#of(end).some(({ profile }) => profile.isOnlyNamed || profile.egress.others || profile.ingress.others);
  }

  /** As `between`, with an end that is no pod. */
  outside(direction: "ingress" | "egress", end: MapEnd, name: string, peer: Endpoint): MapPair | undefined {
    const answers = this.#of(end).map(({ pod }) => this.#answers.outsideAnswer(direction, pod, peer));
    return direction === "egress" ? mapPair(end.name, name, answers) : mapPair(name, end.name, answers);
  }

  #of(end: MapEnd): readonly QuickEnd[] {
    return this.#ends.get(end) ?? [];
  }

  // Loops, as this is asked of every pair of large maps.
  #has(sources: readonly QuickEnd[], destinations: readonly QuickEnd[]): boolean {
    for (const { profile } of sources)
      for (const other of destinations) if (this.#answers.mayDepend(profile, other.profile)) return true;
    return false;
  }

  #isClosed(sources: readonly QuickEnd[], destinations: readonly QuickEnd[]): boolean {
    for (const source of sources)
      for (const destination of destinations) if (!this.#answers.isClosed(source, destination)) return false;
    return true;
  }

  /** One pod of each sort. */
  #samplesOf(pods: readonly Pod[]): readonly QuickEnd[] {
    const all = pods.map((pod) => this.#answers.quickEnd(pod));
    return oneOfEachSort(all, ({ profile }) => profile);
  }
}

/** A pod is no pair with itself. */
export function isItself(source: MapEnd, destination: MapEnd): boolean {
  return source === destination && source.pods.length === 1;
}

function mapPair(
  source: string,
  destination: string,
  answers: readonly {
    readonly certain: ConnectionSet;
    readonly uncertain: ConnectionSet;
    readonly missing: readonly MissingFact[];
  }[],
): MapPair | undefined {
  const connections = answers.map(({ certain }) => certain).reduce(intersect);
  const possible = answers.map(({ certain, uncertain }) => union(certain, uncertain)).reduce(union);
  if (isEmpty(possible)) return undefined;
  const unknown = subtract(possible, connections);
  if (isEmpty(unknown)) return { source, destination, connections };
  return {
    source,
    destination,
    connections,
    unknown: { connections: unknown, missing: answers.flatMap(({ missing }) => missing) },
  };
}
