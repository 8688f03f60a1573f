import { ConnectionPool } from "../../../evaluate/fast/connection-pool.ts";
import type { Via } from "../../../evaluate/fast/pod-class.ts";
import type { Endpoint } from "../../../evaluate/connection.ts";
import type { Direction } from "../../../model/network-policy.ts";
import { noConnections } from "../../../net/connection-set.ts";
import type { MissingFact } from "../missing-fact.ts";
import type { PairAnswer } from "../pair-answer.ts";
import { type KnownEnd, type PairEnd, hasOthers, knownEnd } from "./known-end.ts";
import { type Outcome, distinct } from "./outcome.ts";
import { type KnownOutsider, OutsideAnswers } from "./outside-answers.ts";
import { otherKey } from "./overrides.ts";
import { isLooseItself } from "./pair.ts";
import { PairContext } from "./pair-context.ts";
import { PairFacts } from "./pair-facts.ts";
import { PairRanges, isSettled } from "./pair-ranges.ts";
import { PairSides } from "./pair-sides.ts";
import { PairWays } from "./pair-ways.ts";
import { tableAt } from "./state-end.ts";
import type { Range } from "./table-ways.ts";
import type { SeenState } from "./ways.ts";

/**
 * What pods may exchange in every way in which things may be that the input does not say: namespaces of which only the name
 * is known, pods without an address, policies of kinds that are not judged. As `missingFactsOfPair` finds it, for many pairs:
 * the rules that judge a pod say which ways they tell apart, and of whom. What several states do not say is the same in all.
 */
export class PairAnswers {
  /** Of `Outcome`s. */
  readonly pool: ConnectionPool;
  readonly #context: PairContext;
  readonly #isWhole: boolean;
  readonly #pairWays: PairWays;
  readonly #sides: PairSides;
  readonly #ranges: PairRanges;
  readonly #facts: PairFacts;
  readonly #outside: OutsideAnswers;

  /** Where trying every way is more than `mostWork`, what may depend on what is not known is simply taken for unknown. */
  constructor(states: readonly SeenState[], { mostWork = reasonableWork } = {}) {
    const context = new PairContext(states, mostWork);
    this.#context = context;
    this.pool = context.pool;
    const { labels, addresses } = context.ways;
    this.#isWhole =
      labels.length === 1 &&
      addresses.length === 0 &&
      !states.some(({ others }) => others.some(({ role }) => role === "policy"));
    this.#pairWays = new PairWays(context.ways);
    this.#sides = new PairSides(context);
    this.#ranges = new PairRanges(context, this.#pairWays);
    this.#facts = new PairFacts(context, this.#pairWays, this.#sides);
    this.#outside = new OutsideAnswers(context, this.#sides);
  }

  /** Whether nothing is missing: no answer depends on what is not known. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Looks a pod up, which must be in some state. */
  end(pods: PairEnd): KnownEnd {
    const states = this.#context.states.map((state, index) => {
      const pod = pods[index];
      return pod === undefined ? undefined : state.endOf(pod);
    });
    return knownEnd(states, this.#context.ways.subjectsAsk);
  }

  /** Looks up an end that is no pod. */
  outsider(peer: Endpoint): KnownOutsider {
    return this.#context.states.map((state) => state.outsiderOf(peer));
  }

  /** Whether one state knows of an end what another does not. */
  isLearnt({ states }: KnownEnd): boolean {
    const texts = states.map((state) => {
      if (state === undefined) return "";
      const others = (["egress", "ingress"] as const).map((direction) => state.others[direction].map(otherKey));
      return JSON.stringify([state.isOnlyNamed, state.hasNoAddress, others]);
    });
    return new Set(texts).size > 1;
  }

  /** Whether the answer for two ends may depend on what is not known: quick, and enough for most pairs. */
  mayDepend({ profile: source }: KnownEnd, { profile: destination }: KnownEnd): boolean {
    const { egress } = source;
    const { ingress } = destination;
    return (
      egress.others !== "nothing" ||
      ingress.others !== "nothing" ||
      (egress.labels && destination.isOnlyNamed) ||
      (egress.addresses && destination.hasNoAddress) ||
      (ingress.labels && source.isOnlyNamed) ||
      (ingress.addresses && source.hasNoAddress) ||
      (this.#context.ways.subjectsAsk && (source.isOnlyNamed || destination.isOnlyNamed))
    );
  }

  /** Whether the answers of a source, or of a destination, may depend on what is not known of others. */
  isAsking({ profile: { egress, ingress, isOnlyNamed } }: KnownEnd, place: "source" | "destination"): boolean {
    const { labels, addresses, others } = place === "source" ? egress : ingress;
    return labels || addresses || others !== "nothing" || (this.#context.ways.subjectsAsk && isOnlyNamed);
  }

  /** Whether what a pod may exchange with ends that are no pods may depend on what is not known. */
  mayDependOutside(direction: Direction, end: KnownEnd): boolean {
    return hasOthers(end, direction) || (this.#context.ways.subjectsAsk && end.onlyNamed !== undefined);
  }

  /** The number of what may pass as a state is given. */
  given(source: KnownEnd, destination: KnownEnd, state = 0): number {
    const [from, to] = [source.states[state], destination.states[state]];
    if (from === undefined || to === undefined) return ConnectionPool.none;
    const sent = tableAt(from, "egress", 0).given(to.podClass, "first");
    if (sent === ConnectionPool.none) return sent;
    return this.pool.intersect(sent, tableAt(to, "ingress", 0).given(from.podClass, "first"));
  }

  /**
   * What may pass in every way, and in some. Of one state alone it is exact: where both are the same, that is the answer, and
   * else it is not known. Of each of several, it is this at least and that at most. Pods are met by the same family.
   */
  range(source: KnownEnd, destination: KnownEnd, via: Via = "first", state = 0): Range {
    return this.#ranges.range(source, destination, via, state);
  }

  /** The answer for all pairs of a source and a destination, of one state: what passes between all, and what between some. */
  answer(sources: readonly KnownEnd[], destinations: readonly KnownEnd[], via: Via = "first"): PairAnswer {
    let range: Range | undefined;
    for (const source of sources) {
      for (const destination of destinations) {
        const own = this.range(source, destination, via);
        range = range === undefined ? own : this.#ranges.both(range, own);
      }
    }
    if (range === undefined || range.most === ConnectionPool.none) return closed;
    return this.#answerOf(range, () => this.#missingOfAll(sources, destinations, via));
  }

  /** What is in all of these, and what is in some. */
  rangeOf(numbers: readonly number[]): Range {
    return this.#ranges.rangeOf(numbers);
  }

  /** As `answer`, for pods and an end that is no pod; that a pod reaches its own node is left out. */
  outsideAnswer(direction: Direction, subjects: readonly KnownEnd[], peer: KnownOutsider): PairAnswer {
    const rangeOf = (subject: KnownEnd): Range =>
      this.rangeOf(this.outsideOutcomes(direction, subject, peer).map(([number]) => number as number));
    const range = subjects.map(rangeOf).reduce((a, b) => this.#ranges.both(a, b));
    return this.#answerOf(range, () =>
      subjects.flatMap((subject) => (isSettled(rangeOf(subject)) ? [] : this.missingOutside(direction, subject))),
    );
  }

  /** As `outcomes`, for a pod and an end that is no pod. */
  outsideOutcomes(direction: Direction, subject: KnownEnd, peer: KnownOutsider): readonly Outcome[] {
    return this.#outside.outcomes(direction, subject, peer);
  }

  /** What `outsideOutcomes` may depend on. */
  missingOutside(direction: Direction, subject: KnownEnd): readonly MissingFact[] {
    return this.#outside.missing(direction, subject);
  }

  /** Every different outcome; one where what is not known makes no difference. Pods are met by the same family. */
  outcomes(source: KnownEnd, destination: KnownEnd, via: Via = "first"): readonly Outcome[] {
    if (this.#context.isTooMuch && isLooseItself(source, destination)) {
      const isShut = this.#context.states.every((_, state) => this.#ranges.isShut(source, destination, via, state));
      return isShut ? [this.#context.states.map(() => ConnectionPool.none)] : this.#anything();
    }
    const ranges = this.#context.states.map((_, state) => this.range(source, destination, via, state));
    if (ranges.every(isSettled)) return [ranges.map(({ least }) => least)];
    const pair = { source, destination, via };
    const found = new Map<string, Outcome>();
    for (const { egress, ingress } of this.#pairWays.groups(pair)) {
      const sent = distinct(egress.flatMap((way) => this.#sides.all(pair, "egress", way)));
      const taken = distinct(ingress.flatMap((way) => this.#sides.all(pair, "ingress", way)));
      for (const one of sent) {
        for (const other of taken) {
          const outcome = one.map((number, state) => this.pool.intersect(number, other[state] as number));
          found.set(outcome.join(), outcome);
        }
      }
    }
    return [...found.values()];
  }

  /** The facts of which some change the outcome. To be asked where there is more than one. */
  missing(source: KnownEnd, destination: KnownEnd, via: Via = "first"): readonly MissingFact[] {
    return this.#facts.missing({ source, destination, via });
  }

  #missingOfAll(sources: readonly KnownEnd[], destinations: readonly KnownEnd[], via: Via): readonly MissingFact[] {
    return sources.flatMap((source) =>
      destinations.flatMap((destination) =>
        isSettled(this.range(source, destination, via)) ? [] : this.missing(source, destination, via),
      ),
    );
  }

  /** What is missing is found when it is asked for. */
  #answerOf({ least, most }: Range, missing: () => readonly MissingFact[]): PairAnswer {
    return {
      certain: this.pool.get(least),
      uncertain: this.pool.get(this.pool.subtract(most, least)),
      get missing() {
        return least === most ? [] : missing();
      },
    };
  }

  /** All that may be where there are too many ways to try. */
  #anything(): readonly Outcome[] {
    return this.#context.states.reduce<readonly Outcome[]>(
      (outcomes) =>
        outcomes.flatMap((one) => [
          [...one, ConnectionPool.none],
          [...one, ConnectionPool.all],
        ]),
      [[]],
    );
  }
}

const closed: PairAnswer = { certain: noConnections, uncertain: noConnections, missing: [] };

/** Rules that are judged in all ways together, for every pair of classes of pods. */
const reasonableWork = 2_000_000_000;
