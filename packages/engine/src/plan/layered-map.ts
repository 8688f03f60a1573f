import { copyOf } from "./copy-of.ts";
import { type EntryChange, entryChanges } from "./shared-map.ts";

/** So many entries may be others than those of the map underneath, and a part of as many as that one has. */
const fewOthers = 8;
const partOfBase = 1 / 8;

/**
 * A map that never changes, of some hundred entries, of which copies are made that differ by a few: they share the map underneath, and
 * keep what is otherwise in them. Where that grows to more than a few, all is copied once.
 */
export class LayeredMap<Value> implements ReadonlyMap<string, Value> {
  readonly size: number;
  readonly #base: Base<Value>;
  /** Entries that are others than in the base; undefined for one that is not there. */
  readonly #others: Others<Value>;

  private constructor(base: Base<Value>, others: Others<Value>, size: number) {
    this.#base = base;
    this.#others = others;
    this.size = size;
  }

  /** The map must not change any more. One that is layered already is given as it is. */
  static of<Value>(map: ReadonlyMap<string, Value>): LayeredMap<Value> {
    return map instanceof LayeredMap ? map : new LayeredMap(new Base(map), none, map.size);
  }

  get(key: string): Value | undefined {
    const { entries } = this.#base;
    if (this.#others.size === 0) return entries.get(key);
    const other = this.#others.get(key);
    return other !== undefined || this.#others.has(key) ? other : entries.get(key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  forEach(use: (value: Value, key: string, map: ReadonlyMap<string, Value>) => void): void {
    this.#base.entries.forEach((value, key) => {
      if (!this.#others.has(key)) use(value, key, this);
    });
    this.#others.forEach((value, key) => {
      if (value !== undefined) use(value, key, this);
    });
  }

  *[Symbol.iterator](): Generator<[string, Value], undefined> {
    for (const entry of this.#base.entries) if (!this.#others.has(entry[0])) yield entry;
    for (const [key, value] of this.#others) if (value !== undefined) yield [key, value];
  }

  entries(): Generator<[string, Value], undefined> {
    return this[Symbol.iterator]();
  }

  *keys(): Generator<string, undefined> {
    for (const key of this.#base.entries.keys()) if (!this.#others.has(key)) yield key;
    for (const [key, value] of this.#others) if (value !== undefined) yield key;
  }

  *values(): Generator<Value, undefined> {
    for (const [, value] of this) yield value;
  }

  /** A copy in which some entries are others; without those that are undefined. */
  with(entries: Iterable<readonly [key: string, value: Value | undefined]>): LayeredMap<Value> {
    const base = this.#base;
    const others = copyOf(this.#others);
    let { size } = this;
    for (const [key, value] of entries) {
      const under = base.entries.get(key);
      const before = others.has(key) ? others.get(key) : under;
      size += Number(value !== undefined) - Number(before !== undefined);
      if (under === value) others.delete(key);
      else others.set(key, value);
    }
    const isFew = others.size <= fewOthers + base.entries.size * partOfBase;
    return isFew ? new LayeredMap(base, others, size) : new LayeredMap(base.with(others), none, size);
  }

  /** The entries that are others in another one. */
  changesTo(after: LayeredMap<Value>): readonly EntryChange<Value>[] {
    const between = this.#base.keysTo(after.#base);
    if (between === undefined) return entryChanges(this, after);
    const changes: EntryChange<Value>[] = [];
    for (const key of new Set([...between, ...this.#others.keys(), ...after.#others.keys()])) {
      const change = { key, before: this.get(key), after: after.get(key) };
      if (change.before !== change.after) changes.push(change);
    }
    return changes;
  }
}

type Others<Value> = ReadonlyMap<string, Value | undefined>;

const none: ReadonlyMap<string, never> = new Map<string, never>();

/** What copies share. It does not hold on to what it was made of. */
class Base<Value> {
  readonly entries: ReadonlyMap<string, Value>;
  readonly #mark = Symbol();
  readonly #made: { readonly of: symbol; readonly others: readonly string[] } | undefined;

  constructor(entries: ReadonlyMap<string, Value>, made?: { readonly of: symbol; readonly others: readonly string[] }) {
    this.entries = entries;
    this.#made = made;
  }

  with(others: Others<Value>): Base<Value> {
    const entries = copyOf(this.entries);
    others.forEach((value, key) => {
      if (value === undefined) entries.delete(key);
      else entries.set(key, value);
    });
    return new Base(entries, { of: this.#mark, others: [...others.keys()] });
  }

  /** All keys, and maybe more, under which another one has something else; undefined where that is not known. */
  keysTo(after: Base<Value>): readonly string[] | undefined {
    if (this === after) return [];
    return after.#made?.of === this.#mark ? after.#made.others : undefined;
  }
}
