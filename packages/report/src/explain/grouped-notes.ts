import type { MissingFact } from "@podwall/engine";
import { otherText } from "../coverage/coverage-text.ts";
import { printable } from "../printable.ts";
import { missingFactText } from "./missing-facts-text.ts";

/**
 * Numbers facts that many answers of a list depend on, so that each is written once, below them. Facts that say the same of
 * several pods or namespaces are one note.
 */
export class GroupedNotes {
  readonly #notes = new Map<string, Note>();

  /** ` [1][3]`; nothing where there are no facts. */
  mark(facts: readonly MissingFact[]): string {
    const numbers = new Set(facts.map((fact) => this.#numberOf(fact)));
    const sorted = [...numbers].sort((a, b) => a - b);
    return sorted.length === 0 ? "" : ` ${sorted.map((number) => `[${number}]`).join("")}`;
  }

  /** `[1] the labels of namespaces shop and data: …`, for each that was marked. */
  get lines(): readonly string[] {
    return Array.from(this.#notes.values(), (note) => `[${note.number}] ${printable(noteText(note))}`);
  }

  #numberOf(fact: MissingFact): number {
    const { key, about } = groupOf(fact);
    const known = this.#notes.get(key);
    const note = known ?? { number: this.#notes.size + 1, fact, about: new Set<string>() };
    if (known === undefined) this.#notes.set(key, note);
    if (about !== undefined) note.about.add(about);
    return note.number;
  }
}

interface Note {
  readonly number: number;
  /** The first of them. */
  readonly fact: MissingFact;
  /** Whom they are about. */
  readonly about: Set<string>;
}

/** What facts have in common that are one note, and whom this one is about. */
function groupOf(fact: MissingFact): { readonly key: string; readonly about?: string } {
  switch (fact.kind) {
    case "namespace-labels":
      return { key: `labels ${fact.askedBy} ${fact.keys.join()}`, about: fact.namespace };
    case "pod-address":
      return { key: "addresses", about: fact.pod };
    case "other-policy":
      return { key: `policy ${otherText(fact.policy)}`, about: fact.pod };
    default:
      return { key: missingFactText(fact) };
  }
}

function noteText({ fact, about }: Note): string {
  if (about.size < 2) return missingFactText(fact);
  const names = namesText([...about]);
  switch (fact.kind) {
    case "namespace-labels":
      return `the labels of namespaces ${names}: ${fact.askedBy === undefined ? "policies ask" : `${fact.askedBy} asks`} for ${fact.keys.join(", ")}, and their Namespace objects are not in the input`;
    case "pod-address":
      return `the addresses of ${names}: rules name blocks of addresses, and the input has no status.podIP of them`;
    case "other-policy":
      return missingFactText({ ...fact, pod: names });
    default:
      return missingFactText(fact);
  }
}

/** `a, b and c`, `a, b, c and 7 others`. */
function namesText(names: readonly string[]): string {
  const shown = names.slice(0, names.length > mostNames + 1 ? mostNames : names.length);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(", ")} and ${rest} others`;
  return `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

const mostNames = 3;
