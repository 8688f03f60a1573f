import type { MissingFact } from "../../explain/unknown/missing-fact.ts";
import { oneOfEachSort } from "../../explain/unknown/pairs/one-of-each-sort.ts";
import type { KnownEnd, PairEnd } from "../../explain/unknown/pairs/known-end.ts";
import { PairAnswers } from "../../explain/unknown/pairs/pair-answers.ts";
import { type SeenState, subjectsAsk } from "../../explain/unknown/pairs/ways.ts";
import type { Direction } from "../../model/network-policy.ts";
import { podKey } from "../../model/pod.ts";
import type { Address } from "../../net/address.ts";
import type { ConnectionSet } from "../../net/connection-set.ts";
import type { PodGroup } from "./pod-groups.ts";
import { tiersText } from "./tiers-text.ts";

/** A change that may depend on what is not known. */
export interface LooseChange {
  /** What passes for sure. */
  readonly before: ConnectionSet;
  readonly after: ConnectionSet;
  readonly opened: ConnectionSet;
  readonly closed: ConnectionSet;
  readonly maybeOpened: ConnectionSet;
  readonly maybeClosed: ConnectionSet;
  /** One text for equal changes. */
  readonly text: string;
}

/** What changes between groups of pods of which an answer may depend on what is not known. */
export class LooseChanges {
  readonly #answers: PairAnswers;
  readonly #samples = new Map<PodGroup, readonly Sample[]>();
  /** Whether a pod may have other rules because of what its namespace's labels are. */
  readonly #haveOtherSubjects: boolean;

  constructor(states: readonly [SeenState, SeenState], groups: readonly PodGroup[]) {
    this.#answers = new PairAnswers(states);
    const clusters = states.map(({ cluster }) => cluster);
    this.#haveOtherSubjects = clusters.some(subjectsAsk) && new Set(clusters.map(tiersText)).size > 1;
    if (this.#answers.isWhole) return;
    const [was, is] = clusters.map((cluster) => new Map(cluster.pods.map((pod) => [podKey(pod), pod])));
    for (const group of groups) {
      const ends = group.end.pods.map((key): PairEnd => [group.before && was?.get(key), group.after && is?.get(key)]);
      this.#samples.set(group, this.#samplesOf(ends));
    }
  }

  /** Whether nothing is missing. */
  get isEmpty(): boolean {
    return this.#answers.isWhole;
  }

  has(source: PodGroup, destination: PodGroup): boolean {
    // Loops, as this is asked of every pair of large clusters.
    const others = this.#samplesIn(destination);
    for (const { end } of this.#samplesIn(source))
      for (const other of others) if (this.#answers.mayDepend(end, other.end)) return true;
    return false;
  }

  /**
   * Whether a group whose rules are the same, as far as the input says, may change: one state says of it what the other
   * does not, or policies that are not the same may select it.
   */
  mayBeOther(group: PodGroup): boolean {
    return this.#samplesIn(group).some(
      ({ isLearnt, end }) => isLearnt || (this.#haveOtherSubjects && end.onlyNamed !== undefined),
    );
  }

  /** What changes between two groups; undefined where nothing does however things are. */
  between(source: PodGroup, destination: PodGroup): LooseChange | undefined {
    return this.#changeOf(this.#pairs(source, destination).map(([from, to]) => this.#answers.outcomes(from, to)));
  }

  missing(source: PodGroup, destination: PodGroup): readonly MissingFact[] {
    return this.#pairs(source, destination).flatMap(([from, to]) => this.#answers.missing(from, to));
  }

  /** Whether what a group may exchange with addresses may depend on what is not known. */
  hasOutside(group: PodGroup, direction: Direction): boolean {
    return this.#samplesIn(group).some(({ end }) => this.#answers.mayDependOutside(direction, end));
  }

  outside(direction: Direction, group: PodGroup, address: Address): LooseChange | undefined {
    const peer = this.#answers.outsider({ kind: "address", address });
    return this.#changeOf(this.#samplesIn(group).map(({ end }) => this.#answers.outsideOutcomes(direction, end, peer)));
  }

  missingOutside(direction: Direction, group: PodGroup): readonly MissingFact[] {
    return this.#samplesIn(group).flatMap(({ end }) => this.#answers.missingOutside(direction, end));
  }

  #samplesIn(group: PodGroup): readonly Sample[] {
    return this.#samples.get(group) ?? [];
  }

  #pairs(source: PodGroup, destination: PodGroup): readonly (readonly [KnownEnd, KnownEnd])[] {
    return this.#samplesIn(source).flatMap(({ end: from }) =>
      this.#samplesIn(destination).map(({ end: to }) => [from, to] as const),
    );
  }

  /** Of the outcomes of some pairs: what opens in all ways, and what in some. */
  #changeOf(pairs: readonly (readonly (readonly number[])[])[]): LooseChange | undefined {
    const { pool } = this.#answers;
    const outcomes = pairs.flat().map(([before = 0, after = 0]) => ({ before, after }));
    if (outcomes.every(({ before, after }) => before === after)) return undefined;
    const opened = this.#answers.rangeOf(outcomes.map(({ before, after }) => pool.subtract(after, before)));
    const closed = this.#answers.rangeOf(outcomes.map(({ before, after }) => pool.subtract(before, after)));
    const sets = {
      before: this.#answers.rangeOf(outcomes.map(({ before }) => before)).least,
      after: this.#answers.rangeOf(outcomes.map(({ after }) => after)).least,
      opened: opened.least,
      maybeOpened: pool.subtract(opened.most, opened.least),
      closed: closed.least,
      maybeClosed: pool.subtract(closed.most, closed.least),
    };
    return {
      before: pool.get(sets.before),
      after: pool.get(sets.after),
      opened: pool.get(sets.opened),
      closed: pool.get(sets.closed),
      maybeOpened: pool.get(sets.maybeOpened),
      maybeClosed: pool.get(sets.maybeClosed),
      // Equal sets have equal numbers.
      text: Object.values(sets).join(" > "),
    };
  }

  /** One pod of each sort. */
  #samplesOf(pods: readonly PairEnd[]): readonly Sample[] {
    const all = pods.map((pod) => {
      const end = this.#answers.end(pod);
      return { end, isLearnt: this.#answers.isLearnt(end) };
    });
    return oneOfEachSort(all, ({ end: { profile }, isLearnt }) => [profile, isLearnt]);
  }
}

interface Sample {
  readonly end: KnownEnd;
  readonly isLearnt: boolean;
}
