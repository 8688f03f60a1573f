import type { MissingFact } from "@podwall/engine";
import { missingFactText } from "./missing-facts-text.ts";

/** Numbers facts that many answers depend on, so that each is written once, below them. */
export class MissingNotes {
  readonly #numbers = new Map<string, number>();
  readonly #facts: MissingFact[] = [];

  /** The places of facts in the list, from 0; each once, in order. */
  placesOf(facts: readonly MissingFact[]): readonly number[] {
    const places = facts.map((fact) => {
      const text = missingFactText(fact);
      const known = this.#numbers.get(text);
      if (known !== undefined) return known;
      this.#numbers.set(text, this.#facts.length);
      return this.#facts.push(fact) - 1;
    });
    return [...new Set(places)].sort((a, b) => a - b);
  }

  /** `[1][3]`. */
  mark(facts: readonly MissingFact[]): string {
    return this.placesOf(facts)
      .map((place) => `[${place + 1}]`)
      .join("");
  }

  get facts(): readonly MissingFact[] {
    return this.#facts;
  }

  /** `[1] the labels of namespace shop: …`, for each that was marked. */
  get lines(): readonly string[] {
    return this.#facts.map((fact, index) => `[${index + 1}] ${missingFactText(fact)}`);
  }
}

/** Each fact once. */
export function distinctFacts(facts: readonly MissingFact[]): readonly MissingFact[] {
  const notes = new MissingNotes();
  notes.placesOf(facts);
  return notes.facts;
}
