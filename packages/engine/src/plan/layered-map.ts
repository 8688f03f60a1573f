import { type EntryChange, type Lookup, entryChanges } from "./shared-map.ts";

/** What is kept by texts, to be gone through too. */
export interface Listed<Value> extends Lookup<Value> {
  keys(): Iterable<string>;
  values(): Iterable<Value>;
}

/** So many entries may be others than those of the map underneath, and a part of as many as that one has. */
const fewOthers = 8;
const partOfBase = 1 / 8;

/**
 * A map that never changes, of some hundred entries, of which copies are made that differ by a few: they share the map underneath, and
 * keep what is otherwise in them. Where that grows to more than a few, all is copied once.
 */
export class LayeredMap<Value> implements Listed<Value> {
  readonly #base: ReadonlyMap<string, Value>;
  /** Entries that are others than in the base; undefined for one that is not there. */
  readonly #others: ReadonlyMap<string, Value | undefined>;

  /** The map must not change any more. */
  constructor(base: ReadonlyMap<string, Value>, others: ReadonlyMap<string, Value | undefined> = none) {
    this.#base = base;
    this.#others = others;
  }

  get(key: string): Value | undefined {
    if (this.#others.size === 0) return this.#base.get(key);
    const other = this.#others.get(key);
    return other !== undefined || this.#others.has(key) ? other : this.#base.get(key);
  }

  *[Symbol.iterator](): Iterator<readonly [string, Value]> {
    for (const entry of this.#base) if (!this.#others.has(entry[0])) yield entry;
    for (const [key, value] of this.#others) if (value !== undefined) yield [key, value];
  }

  *keys(): Generator<string, undefined> {
    for (const key of this.#base.keys()) if (!this.#others.has(key)) yield key;
    for (const [key, value] of this.#others) if (value !== undefined) yield key;
  }

  *values(): Generator<Value, undefined> {
    for (const [, value] of this) yield value;
  }

  /** A copy in which some entries are others; without those that are undefined. */
  with(entries: Iterable<readonly [key: string, value: Value | undefined]>): LayeredMap<Value> {
    const others = new Map(this.#others);
    for (const [key, value] of entries) {
      if (this.#base.get(key) === value) others.delete(key);
      else others.set(key, value);
    }
    const copy = new LayeredMap(this.#base, others);
    return others.size <= fewOthers + this.#base.size * partOfBase ? copy : new LayeredMap(new Map(copy));
  }

  /** The entries that are others in another one. */
  changesTo(after: LayeredMap<Value>): readonly EntryChange<Value>[] {
    if (this.#base !== after.#base) return entryChanges(this, after);
    const changes: EntryChange<Value>[] = [];
    const compare = (key: string): void => {
      const change = { key, before: this.get(key), after: after.get(key) };
      if (change.before !== change.after) changes.push(change);
    };
    for (const key of this.#others.keys()) compare(key);
    for (const key of after.#others.keys()) if (!this.#others.has(key)) compare(key);
    return changes;
  }
}

const none: ReadonlyMap<string, never> = new Map<string, never>();
