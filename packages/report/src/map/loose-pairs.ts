import {
  type Cluster,
  type Direction,
  type Endpoint,
  type KnownEnd,
  type PairAnswer,
  type PairAnswers,
  type Pod,
  isEmpty,
  oneOfEachSort,
  podKey,
} from "@podwall/engine";
import type { MapPair } from "./map-pair.ts";
import type { MapEnd } from "./map-ends.ts";

/** What is not known of pairs of a map. */
export class LoosePairs {
  readonly #answers: PairAnswers;
  readonly #ends = new Map<MapEnd, readonly KnownEnd[]>();

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

  /** Whether what two ends may exchange may depend on what is not known. */
  has(source: MapEnd, destination: MapEnd): boolean {
    return this.#mayDepend(this.#of(source), this.#of(destination));
  }

  /** What ends may exchange with each other, where that may depend on what is not known; nothing where that is closed for sure. */
  *among(ends: readonly MapEnd[]): Generator<MapPair> {
    const isAsking = (end: MapEnd, place: "source" | "destination"): boolean =>
      this.#of(end).some((sample) => this.#answers.isAsking(sample, place));
    const asked = ends.filter((end) => isAsking(end, "destination"));
    for (const source of ends) {
      const own = this.#of(source);
      for (const destination of isAsking(source, "source") ? ends : asked) {
        const others = this.#of(destination);
        if (isItself(source, destination) || !this.#mayDepend(own, others)) continue;
        const pair = mapPair(source.name, destination.name, this.#answers.answer(own, others));
        if (pair !== undefined) yield pair;
      }
    }
  }

  /** Whether what an end may exchange with ends that are no pods may depend on what is not known. */
  hasOutside(end: MapEnd, direction: Direction): boolean {
    return this.#of(end).some((sample) => this.#answers.mayDependOutside(direction, sample));
  }

  /** As `among`, between ends and those that are no pods. */
  *outside(ends: readonly MapEnd[], peers: ReadonlyMap<string, Endpoint>): Generator<MapPair> {
    const outsiders = new Map([...peers].map(([name, peer]) => [name, this.#answers.outsider(peer)]));
    for (const direction of ["egress", "ingress"] as const) {
      for (const end of ends) {
        if (!this.hasOutside(end, direction)) continue;
        for (const [name, outsider] of outsiders) {
          const answer = this.#answers.outsideAnswer(direction, this.#of(end), outsider);
          const pair = direction === "egress" ? mapPair(end.name, name, answer) : mapPair(name, end.name, answer);
          if (pair !== undefined) yield pair;
        }
      }
    }
  }

  #of(end: MapEnd): readonly KnownEnd[] {
    return this.#ends.get(end) ?? [];
  }

  // Loops, as this is asked of every pair of large maps.
  #mayDepend(sources: readonly KnownEnd[], destinations: readonly KnownEnd[]): boolean {
    for (const source of sources)
      for (const destination of destinations) if (this.#answers.mayDepend(source, destination)) return true;
    return false;
  }

  /** One pod of each sort. */
  #samplesOf(pods: readonly Pod[]): readonly KnownEnd[] {
    return oneOfEachSort(
      pods.map((pod) => this.#answers.end([pod])),
      ({ profile }) => profile,
    );
  }
}

/** A pod is no pair with itself. */
export function isItself(source: MapEnd, destination: MapEnd): boolean {
  return source === destination && source.pods.length === 1;
}

function mapPair(source: string, destination: string, answer: PairAnswer): MapPair | undefined {
  const { certain: connections, uncertain } = answer;
  if (!isEmpty(uncertain)) {
    return { source, destination, connections, unknown: { connections: uncertain, missing: answer.missing } };
  }
  return isEmpty(connections) ? undefined : { source, destination, connections };
}
