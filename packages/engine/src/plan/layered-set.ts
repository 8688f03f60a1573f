import type { Differences } from "./differences.ts";
import { LayeredMap } from "./layered-map.ts";

/** A set of texts that never changes, of which copies are made that differ by a few. */
export class LayeredSet implements ReadonlySet<string> {
  readonly size: number;
  readonly #map: LayeredMap<true>;

  private constructor(map: LayeredMap<true>, size: number) {
    this.#map = map;
    this.size = size;
  }

  static of(items: Iterable<string>): LayeredSet {
    const map = new Map<string, true>();
    for (const item of items) map.set(item, true);
    return new LayeredSet(new LayeredMap(map), map.size);
  }

  has(item: string): boolean {
    return this.#map.get(item) === true;
  }

  [Symbol.iterator](): SetIterator<string> {
    return this.#map.keys();
  }

  keys(): SetIterator<string> {
    return this.#map.keys();
  }

  values(): SetIterator<string> {
    return this.#map.keys();
  }

  *entries(): Generator<[string, string], undefined> {
    for (const item of this) yield [item, item];
  }

  forEach(use: (value: string, key: string, set: ReadonlySet<string>) => void): void {
    for (const item of this) use(item, item, this);
  }

  /** A copy without some, and with others. None may be gone that is not there, or come that is. */
  with({ gone, came }: Differences<string>): LayeredSet {
    const changes: [string, true | undefined][] = [];
    for (const item of gone) changes.push([item, undefined]);
    for (const item of came) changes.push([item, true]);
    return new LayeredSet(this.#map.with(changes), this.size - gone.length + came.length);
  }

  /** What another one has and this has not, and the other way round. */
  differencesTo(after: LayeredSet): Differences<string> {
    if (this === after) return { gone: [], came: [] };
    const [gone, came] = [[] as string[], [] as string[]];
    for (const change of this.#map.changesTo(after.#map)) (change.after === true ? came : gone).push(change.key);
    return { gone, came };
  }
}
