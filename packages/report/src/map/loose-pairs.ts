import {
  type Cluster,
  type ConnectionSet,
  type EndProfile,
  type Endpoint,
  type MissingFact,
  type OtherObject,
  PairAnswers,
  type Pod,
  intersect,
  isEmpty,
  podKey,
  subtract,
  union,
} from "@podwall/engine";
import type { MapPair } from "./map-pair.ts";
import type { MapEnd } from "./map-ends.ts";

/** What is not known of pairs of a map. */
export class LoosePairs {
  readonly #answers: PairAnswers;
  readonly #ends = new Map<MapEnd, readonly Sample[]>();

  constructor(cluster: Cluster, others: readonly OtherObject[], ends: readonly MapEnd[]) {
    this.#answers = new PairAnswers([{ cluster, others }]);
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
    return (this.#ends.get(end) ?? []).some(({ profile }) => this.#answers.isAsking(profile, place));
  }

  /** Whether what two ends may exchange may depend on what is not known. */
  has(source: MapEnd, destination: MapEnd): boolean {
    const [own, others] = [this.#ends.get(source) ?? [], this.#ends.get(destination) ?? []];
    return own.some(({ profile }) => others.some((other) => this.#answers.mayDepend(profile, other.profile)));
  }

  /** What two such ends may exchange; undefined where that is nothing for sure. */
  between(source: MapEnd, destination: MapEnd): MapPair | undefined {
    const [own, others] = [this.#ends.get(source) ?? [], this.#ends.get(destination) ?? []];
    const isClosed = own.every((from) =>
      others.every((to) => this.#answers.isClosed(from.pod, to.pod, from.profile, to.profile)),
    );
    if (isClosed) return undefined;
    const answers = own.flatMap(({ pod: from }) => others.map(({ pod: to }) => this.#answers.answer(from, to)));
    return mapPair(source.name, destination.name, answers);
  }

  /** Whether what an end may exchange with ends that are no pods may depend on what is not known. */
  hasOutside(end: MapEnd): boolean {
    return (this.#ends.get(end) ?? []).some(
      ({ profile }) => profile.isOnlyNamed || profile.egress.others || profile.ingress.others,
    );
  }

  /** As `between`, with an end that is no pod. */
  outside(direction: "ingress" | "egress", end: MapEnd, name: string, peer: Endpoint): MapPair | undefined {
    const answers = (this.#ends.get(end) ?? []).map(({ pod }) => this.#answers.outsideAnswer(direction, pod, peer));
    return direction === "egress" ? mapPair(end.name, name, answers) : mapPair(name, end.name, answers);
  }

  /** One pod of each sort. */
  #samplesOf(pods: readonly Pod[]): readonly Sample[] {
    const sorts = new Map<string, Sample>();
    for (const pod of pods) {
      const profile = this.#answers.profileOf([pod]);
      const sort = JSON.stringify(profile);
      if (!sorts.has(sort)) sorts.set(sort, { pod, profile });
    }
    return [...sorts.values()];
  }
}

interface Sample {
  readonly pod: Pod;
  readonly profile: EndProfile;
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
