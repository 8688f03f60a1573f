import type { AppliedRule } from "./bound-rule.ts";
import type { PodClass } from "./pod-class.ts";
import type { TraitSet } from "./traits.ts";

/** What a table says of pods. */
export class TableView {
  /** The rules it follows from, beside what holds for the classes. */
  readonly rules: readonly AppliedRule[];
  readonly #exceptions: Map<PodClass, number>;
  readonly asked: AskedTraits;
  readonly #judge: (traits: TraitSet) => number;
  readonly #byAnswers = new Map<string | number, number>();

  constructor(rules: readonly AppliedRule[], exceptions: Map<PodClass, number>, judge: (traits: TraitSet) => number) {
    this.rules = rules;
    this.#exceptions = exceptions;
    this.asked = askedTraits(rules);
    this.#judge = judge;
  }

  /** The classes that some rule selects more closely than by traits, and the number of what is allowed. */
  get exceptions(): ReadonlyMap<PodClass, number> {
    return this.#exceptions;
  }

  /** Says another of a class, or nothing of its own; gives what it said. */
  replace(podClass: PodClass, allowed: number | undefined): number | undefined {
    const before = this.#exceptions.get(podClass);
    if (allowed === undefined) this.#exceptions.delete(podClass);
    else this.#exceptions.set(podClass, allowed);
    return before;
  }

  /** The number of what is allowed to or from a class with these traits. */
  allowed(podClass: PodClass, traits: TraitSet): number {
    return this.#exceptions.get(podClass) ?? this.byTraits(traits);
  }

  /** The number of what is allowed to or from classes that are no exceptions. */
  byTraits(traits: TraitSet): number {
    const answers = answersOf(this.asked, traits);
    const known = this.#byAnswers.get(answers);
    if (known !== undefined) return known;
    const allowed = this.#judge(traits);
    this.#byAnswers.set(answers, allowed);
    return allowed;
  }
}

/** What rules ask of traits: questions by number, and whether they ask for ports by name. */
export interface AskedTraits {
  readonly addresses: readonly number[];
  readonly broad: readonly number[];
  readonly ports: boolean;
}

function askedTraits(rules: readonly AppliedRule[]): AskedTraits {
  const peers = rules.flatMap(({ rule }) => rule.peers ?? []);
  const addresses = peers.flatMap((asked) => asked.addresses.map(({ number }) => number));
  const broad = peers.flatMap((asked) => asked.pods.filter(({ isBroad }) => isBroad).map(({ number }) => number));
  const ports = rules.some(({ named }) => named.length > 0);
  return { addresses: [...new Set(addresses)], broad: [...new Set(broad)], ports };
}

/** One value for each way to answer what is asked: a bit a question where these are few, and the ports where asked. */
function answersOf({ addresses, broad, ports }: AskedTraits, traits: TraitSet): number | string {
  if (addresses.length + broad.length > mostBits) return longAnswers(addresses, broad, traits);
  let bits = 0;
  for (const number of addresses) bits = bits * 2 + (traits.addresses.members.has(number) ? 1 : 0);
  for (const number of broad) bits = bits * 2 + (traits.broad.has(number) ? 1 : 0);
  return ports && traits.askedPorts !== "" ? `${bits} ${traits.askedPorts}` : bits;
}

/** A double holds so many bits exactly, and some to spare. */
const mostBits = 48;

function longAnswers(addresses: readonly number[], broad: readonly number[], traits: TraitSet): string {
  const held = [
    ...addresses.filter((number) => traits.addresses.members.has(number)),
    ...broad.filter((number) => traits.broad.has(number)),
  ];
  return `${held.join(",")} ${traits.askedPorts}`;
}
