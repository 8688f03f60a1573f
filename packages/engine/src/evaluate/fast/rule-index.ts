import type { AddressSet } from "./address-sets.ts";
import type { AppliedRule } from "./bound-rule.ts";
import type { PodClass } from "./pod-class.ts";
import type { PodQuestion } from "./question-index.ts";
import type { Sample } from "./sample.ts";

/** The rules of a list that are for somebody, in order. */
export interface FoundRules {
  readonly rules: readonly AppliedRule[];
  /** Whether what they are about depends on the numbers that the peer gives port names. */
  readonly areNamed: boolean;
  /** What they allow, where that does not depend on the peer and is known. */
  allowed?: number;
}

/** Finds the rules of a list that are for somebody by what holds for them, not rule after rule. */
export class RuleIndex {
  /** Those that are for everyone: all that are for most. */
  readonly everyones: FoundRules;
  /** What is asked about pods, each once. */
  readonly questions: readonly PodQuestion[];
  readonly #rules: readonly AppliedRule[];
  /** Places in the list. */
  readonly #forEveryone: readonly number[];
  /** Those of the rules that ask each of the questions. */
  readonly #asking: readonly (readonly number[])[];
  /** Those that are for whoever one of the questions selects, and no other; once they were asked for. */
  readonly #selected: (FoundRules | undefined)[] = [];
  /** Those that are for whoever is met by addresses of a set, and that no question selects; once they were asked for. */
  readonly #met = new Map<AddressSet, FoundRules>();
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
    this.everyones = this.#found([...forEveryone]);
  }

  /** Whether rules ask whose addresses are met. */
  get asksAddresses(): boolean {
    return this.#byAddresses.size > 0 || this.#byUnknownPods.size > 0;
  }

  /** The rules for somebody: the same object for most who are alike. */
  for(sample: Sample): FoundRules {
    if (sample.kind === "outside") {
      const places = withAddresses(undefined, sample.addresses, this.#byAddresses);
      return this.#with(withAddresses(places, sample.addresses, this.#byUnknownPods));
    }
    const { podClass, family } = sample;
    const addresses = podClass.addresses[family];
    const met = this.#metBy(addresses);
    let selecting: number | undefined;
    for (let index = 0; index < this.questions.length; index++) {
      if (!(this.questions[index] as PodQuestion).members.has(podClass)) continue;
      if (met !== this.everyones || selecting !== undefined) {
        const places = withAddresses(undefined, addresses, this.#byAddresses) ?? [];
        return this.#with(this.#selecting(podClass, places));
      }
      selecting = index;
    }
    if (selecting === undefined) return met;
    return (this.#selected[selecting] ??= this.#with([...(this.#asking[selecting] as readonly number[])]));
  }

  #metBy(addresses: AddressSet): FoundRules {
    if (this.#byAddresses.size === 0) return this.everyones;
    let found = this.#met.get(addresses);
    if (found === undefined) {
      found = this.#with(withAddresses(undefined, addresses, this.#byAddresses));
      this.#met.set(addresses, found);
    }
    return found;
  }

  /** The places, and those of all rules that ask for a class. */
  #selecting(podClass: PodClass, places: number[]): number[] {
    for (let index = 0; index < this.questions.length; index++) {
      const { members } = this.questions[index] as PodQuestion;
      if (members.has(podClass)) added(places, this.#asking[index] as readonly number[]);
    }
    return places;
  }

  /** The rules at these places, and those for everyone. */
  #with(places: number[] | undefined): FoundRules {
    return places === undefined ? this.everyones : this.#found(added(places, this.#forEveryone));
  }

  #found(places: number[]): FoundRules {
    places.sort((a, b) => a - b);
    const rules = places
      .filter((place, index) => place !== places[index - 1])
      .map((place) => this.#rules[place] as AppliedRule);
    return { rules, areNamed: rules.some(({ named }) => named.length > 0) };
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
