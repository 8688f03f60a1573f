import type { AddressSet } from "./address-sets.ts";
import type { AppliedRule } from "./bound-rule.ts";
import type { PodQuestion } from "./question-index.ts";
import type { Sample } from "./sample.ts";

/** Finds the rules of a list that are for somebody by what holds for them, not rule after rule. */
export class RuleIndex {
  /** Those that are for everyone: all that are for most. */
  readonly everyones: readonly AppliedRule[];
  /** What is asked about pods, each once. */
  readonly questions: readonly PodQuestion[];
  readonly #rules: readonly AppliedRule[];
  /** Places in the list. */
  readonly #forEveryone: readonly number[];
  /** Those of the rules that ask each of the questions. */
  readonly #asking: readonly (readonly number[])[];
  readonly #byAddresses = new Map<number, number[]>();
  readonly #byUnknownPods = new Map<number, number[]>();

  constructor(rules: readonly AppliedRule[]) {
    const forEveryone: number[] = [];
    const byPods = new Map<PodQuestion, number[]>();
    for (let place = 0; place < rules.length; place++) {
      const { peers } = (rules[place] as AppliedRule).rule;
      if (peers === undefined) {
        forEveryone.push(place);
        continue;
      }
      for (const question of peers.pods) put(byPods, question, place);
      for (const { number } of peers.addresses) put(this.#byAddresses, number, place);
      if (peers.unknownPods !== undefined) put(this.#byUnknownPods, peers.unknownPods, place);
    }
    this.#rules = rules;
    this.#forEveryone = forEveryone;
    this.questions = [...byPods.keys()];
    this.#asking = [...byPods.values()];
    this.everyones = this.#rulesAt([...forEveryone]);
  }

  /** Whether rules ask whose addresses are met. */
  get asksAddresses(): boolean {
    return this.#byAddresses.size > 0 || this.#byUnknownPods.size > 0;
  }

  /** The rules for somebody, in order; `everyones` itself where there is no other. */
  for(sample: Sample): readonly AppliedRule[] {
    let places: number[] | undefined;
    if (sample.kind === "pods") {
      const { podClass, family } = sample;
      for (let index = 0; index < this.questions.length; index++) {
        if (!(this.questions[index] as PodQuestion).members.has(podClass)) continue;
        const found = this.#asking[index] as readonly number[];
        places = places === undefined ? [...found] : added(places, found);
      }
      places = withAddresses(places, podClass.addresses[family], this.#byAddresses);
    } else {
      places = withAddresses(places, sample.addresses, this.#byAddresses);
      places = withAddresses(places, sample.addresses, this.#byUnknownPods);
    }
    return places === undefined ? this.everyones : this.#rulesAt(added(places, this.#forEveryone));
  }

  #rulesAt(places: number[]): readonly AppliedRule[] {
    places.sort((a, b) => a - b);
    return places
      .filter((place, index) => place !== places[index - 1])
      .map((place) => this.#rules[place] as AppliedRule);
  }
}

function withAddresses(
  places: number[] | undefined,
  { members }: AddressSet,
  by: ReadonlyMap<number, readonly number[]>,
): number[] | undefined {
  if (by.size === 0) return places;
  let all = places;
  for (const number of members) {
    const found = by.get(number);
    if (found !== undefined) all = all === undefined ? [...found] : added(all, found);
  }
  return all;
}

function added(places: number[], more: readonly number[]): number[] {
  for (const place of more) places.push(place);
  return places;
}

function put<Key>(map: Map<Key, number[]>, key: Key, place: number): void {
  const others = map.get(key);
  if (others === undefined) map.set(key, [place]);
  else others.push(place);
}
