import type { MissingFact } from "../../explain/unknown/missing-fact.ts";
import { oneOfEachSort } from "../../explain/unknown/pairs/one-of-each-sort.ts";
import { type EndProfile, type PairEnd, PairAnswers } from "../../explain/unknown/pairs/pair-answers.ts";
import { type SeenState, subjectsAsk } from "../../explain/unknown/pairs/ways.ts";
import type { Direction } from "../../model/network-policy.ts";
import { podKey } from "../../model/pod.ts";
import type { Address } from "../../net/address.ts";
import { type ConnectionSet, formatConnections, isEmpty } from "../../net/connection-set.ts";
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
    const others = this.#samples.get(destination) ?? [];
    return (this.#samples.get(source) ?? []).some(({ profile }) =>
      others.some((other) => this.#answers.mayDepend(profile, other.profile)),
    );
  }

  /**
   * Whether a group whose rules are the same, as far as the input says, may change: one state says of it what the other
   * does not, or policies that are not the same may select it.
   */
  mayBeOther(group: PodGroup): boolean {
    return (this.#samples.get(group) ?? []).some(
      ({ isLearnt, profile }) => isLearnt || (this.#haveOtherSubjects && profile.isOnlyNamed),
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
    return (this.#samples.get(group) ?? []).some(({ end }) => this.#answers.missingOutside(direction, end).length > 0);
  }

  outside(direction: Direction, group: PodGroup, address: Address): LooseChange | undefined {
    const samples = this.#samples.get(group) ?? [];
    const peer = { kind: "address", address } as const;
    return this.#changeOf(samples.map(({ end }) => this.#answers.outsideOutcomes(direction, end, peer)));
  }

  missingOutside(direction: Direction, group: PodGroup): readonly MissingFact[] {
    return (this.#samples.get(group) ?? []).flatMap(({ end }) => this.#answers.missingOutside(direction, end));
  }

  #pairs(source: PodGroup, destination: PodGroup): readonly (readonly [PairEnd, PairEnd])[] {
    return (this.#samples.get(source) ?? []).flatMap(({ end: from }) =>
      (this.#samples.get(destination) ?? []).map(({ end: to }) => [from, to] as const),
    );
  }

  /** Of the outcomes of some pairs: what opens in all ways, and what in some. */
  #changeOf(pairs: readonly (readonly (readonly number[])[])[]): LooseChange | undefined {
    const { pool } = this.#answers;
    const outcomes = pairs.flat().map(([before = 0, after = 0]) => ({ before, after }));
    const opened = this.#answers.rangeOf(outcomes.map(({ before, after }) => pool.subtract(after, before)));
    const closed = this.#answers.rangeOf(outcomes.map(({ before, after }) => pool.subtract(before, after)));
    const parts = [opened.certain, opened.uncertain, closed.certain, closed.uncertain];
    if (parts.every(isEmpty)) return undefined;
    const was = this.#answers.rangeOf(outcomes.map(({ before }) => before)).certain;
    const is = this.#answers.rangeOf(outcomes.map(({ after }) => after)).certain;
    return {
      before: was,
      after: is,
      opened: opened.certain,
      closed: closed.certain,
      maybeOpened: opened.uncertain,
      maybeClosed: closed.uncertain,
      text: [was, is, ...parts].map(formatConnections).join(" > "),
    };
  }

  /** One pod of each sort. */
  #samplesOf(ends: readonly PairEnd[]): readonly Sample[] {
    const all = ends.map((end) => ({
      end,
      profile: this.#answers.profileOf(end),
      isLearnt: this.#answers.isLearnt(end),
    }));
    return oneOfEachSort(all, ({ profile, isLearnt }) => [profile, isLearnt]);
  }
}

interface Sample {
  readonly end: PairEnd;
  readonly profile: EndProfile;
  readonly isLearnt: boolean;
}
