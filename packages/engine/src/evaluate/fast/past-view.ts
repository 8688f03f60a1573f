import type { AppliedRule } from "./bound-rule.ts";
import type { PodClass } from "./pod-class.ts";
import type { TableView } from "./table-view.ts";
import type { TraitSet } from "./traits.ts";

/** What a table said of a class by an entry; undefined where it had none. */
export type PastEntries = ReadonlyMap<PodClass, number | undefined>;

/** What a table said before a change: what its view says, but for the entries that are others now. */
export class PastView {
  readonly view: TableView;
  readonly entries: PastEntries;

  constructor(view: TableView, entries: PastEntries = noEntries) {
    this.view = view;
    this.entries = entries;
  }

  get rules(): readonly AppliedRule[] {
    return this.view.rules;
  }

  /** The number of what was allowed to or from a class that had these traits. */
  allowed(podClass: PodClass, traits: TraitSet): number {
    if (!this.entries.has(podClass)) return this.view.allowed(podClass, traits);
    return this.entries.get(podClass) ?? this.view.byTraits(traits);
  }

  /** The classes of which it had an entry; and some of which it has one now. */
  get named(): Iterable<PodClass> {
    return [...this.view.exceptions.keys(), ...this.entries.keys()];
  }
}

const noEntries: PastEntries = new Map();
