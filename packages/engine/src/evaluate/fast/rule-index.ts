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

  constructor(rules: readonly AppliedRule[]) {
    this.#rules = rules;
    for (const [place, { rule }] of rules.entries()) {
      const { peers } = rule;
      if (peers === undefined) this.#forEveryone.push(place);
      for (const question of peers?.pods ?? []) put(this.#byPods, question, place);
      for (const { number } of peers?.addresses ?? []) put(this.#byAddresses, number, place);
      if (peers?.unknownPods !== undefined) put(this.#byUnknownPods, peers.unknownPods, place);
    }
  }

  /** The rules for somebody, in order. */
  for(sample: Sample): readonly AppliedRule[] {
    const places = new Set(this.#forEveryone);
    if (sample.kind === "pods") {
      const { podClass, family } = sample;
      for (const [{ members }, found] of this.#byPods) if (members.has(podClass)) addAll(places, found);
      this.#addAddresses(places, podClass.addresses[family], this.#byAddresses);
    } else {
      this.#addAddresses(places, sample.addresses, this.#byAddresses);
      this.#addAddresses(places, sample.addresses, this.#byUnknownPods);
    }
    return [...places].sort((a, b) => a - b).map((place) => this.#rules[place] as AppliedRule);
  }

  #addAddresses(places: Set<number>, { members }: AddressSet, by: ReadonlyMap<number, readonly number[]>): void {
    if (by.size === 0) return;
    for (const number of members) addAll(places, by.get(number) ?? []);
  }
}

function put<Key>(map: Map<Key, number[]>, key: Key, place: number): void {
  const others = map.get(key);
  if (others === undefined) map.set(key, [place]);
  else others.push(place);
}

function addAll(places: Set<number>, more: readonly number[]): void {
  for (const place of more) places.add(place);
}
