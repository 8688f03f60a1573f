import { type Differences, differences } from "./differences.ts";
import { LayeredMap } from "./layered-map.ts";

/** A set of texts that never changes, of which copies are made that differ by a few. */
export class LayeredSet implements ReadonlySet<string> {
  readonly #map: LayeredMap<true>;

  private constructor(map: LayeredMap<true>) {
    this.#map = map;
  }

  static of(items: Iterable<string>): LayeredSet {
    const map = new Map<string, true>();
    for (const item of items) map.set(item, true);
    return new LayeredSet(LayeredMap.of(map));
  }

  get size(): number {
    return this.#map.size;
  }

  has(item: string): boolean {
    return this.#map.has(item);
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
    this.#map.forEach((_, item) => use(item, item, this));
  }

  /** A copy without some, and with others. */
  with({ gone, came }: Differences<string>): LayeredSet {
    const changes: [string, true | undefined][] = [];
    for (const item of gone) changes.push([item, undefined]);
    for (const item of came) changes.push([item, true]);
    return new LayeredSet(this.#map.with(changes));
  }

  /** What another one has and this has not, and the other way round. */
  differencesTo(after: LayeredSet): Differences<string> {
    if (this === after) return { gone: [], came: [] };
    const [gone, came] = [[] as string[], [] as string[]];
    for (const change of this.#map.changesTo(after.#map)) (change.after === true ? came : gone).push(change.key);
    return { gone, came };
  }
}

/** What is in one set and not in another. Of sets of which one was made of the other it takes the time of what differs. */
export function setDifferences(before: ReadonlySet<string>, after: ReadonlySet<string>): Differences<string> {
  if (before instanceof LayeredSet && after instanceof LayeredSet) return before.differencesTo(after);
  return differences(before, [...after]);
}
