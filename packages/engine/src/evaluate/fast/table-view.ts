import type { AppliedRule } from "./bound-rule.ts";
import type { PodClass } from "./pod-class.ts";
import type { TraitSet } from "./traits.ts";

/** What a table says of pods; it does not change when the table does. */
export class TableView {
  /** The rules it follows from, beside what holds for the classes. */
  readonly rules: readonly AppliedRule[];
  /** The classes that some rule is about more closely than by their traits, and the number of what is allowed. */
  readonly exceptions: ReadonlyMap<PodClass, number>;
  readonly #judge: (traits: TraitSet) => number;
  readonly #byTraits = new Map<TraitSet, number>();

  constructor(
    rules: readonly AppliedRule[],
    exceptions: ReadonlyMap<PodClass, number>,
    judge: (traits: TraitSet) => number,
  ) {
    this.rules = rules;
    this.exceptions = exceptions;
    this.#judge = judge;
  }

  /** The number of what is allowed to or from a class with these traits. */
  allowed(podClass: PodClass, traits: TraitSet): number {
    return this.exceptions.get(podClass) ?? this.byTraits(traits);
  }

  /** The number of what is allowed to or from classes that are no exceptions. */
  byTraits(traits: TraitSet): number {
    const known = this.#byTraits.get(traits);
    if (known !== undefined) return known;
    const allowed = this.#judge(traits);
    this.#byTraits.set(traits, allowed);
    return allowed;
  }
}
