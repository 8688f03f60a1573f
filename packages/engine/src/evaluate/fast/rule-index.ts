import type { AddressSet } from "./address-sets.ts";
import type { AppliedRule } from "./bound-rule.ts";
import type { PodQuestion } from "./question-index.ts";
import type { Sample } from "./sample.ts";

/** Finds the rules of a list that are for somebody by what holds for them, not rule after rule. */
export class RuleIndex {
  readonly #rules: readonly AppliedRule[];
  /** Places in the list. */
  readonly #forEveryone: number[] = [];
  readonly #byPods = new Map<PodQuestion, number[]>();
  readonly #byAddresses = new Map<number, number[]>();
  readonly #byUnknownPods = new Map<number, number[]>();
  readonly #everyones: readonly AppliedRule[];

  constructor(rules: readonly AppliedRule[]) {
    this.#rules = rules;
    for (const [place, { rule }] of rules.entries()) {
      const { peers } = rule;
      if (peers === undefined) this.#forEveryone.push(place);
      for (const question of peers?.pods ?? []) put(this.#byPods, question, place);
      for (const { number } of peers?.addresses ?? []) put(this.#byAddresses, number, place);
      if (peers?.unknownPods !== undefined) put(this.#byUnknownPods, peers.unknownPods, place);
    }
    this.#everyones = this.#rulesAt([...this.#forEveryone]);
  }

  /** The rules for somebody, in order. */
  for(sample: Sample): readonly AppliedRule[] {
    let places: number[] | undefined;
    if (sample.kind === "pods") {
      const { podClass, family } = sample;
      for (const [{ members }, found] of this.#byPods) {
        if (members.has(podClass)) places = places === undefined ? [...found] : added(places, found);
      }
      places = withAddresses(places, podClass.addresses[family], this.#byAddresses);
    } else {
      places = withAddresses(places, sample.addresses, this.#byAddresses);
      places = withAddresses(places, sample.addresses, this.#byUnknownPods);
    }
    // Most are nobody's in particular.
    return places === undefined ? this.#everyones : this.#rulesAt(added(places, this.#forEveryone));
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
