import type { KeyedItem, KnownObjects } from "./known-objects.ts";
import type { ObjectKey, WatchEvent } from "./watch-event.ts";

/**
 * A list on its way: gathered until it is whole, so that a half one changes nothing, and what is no longer in it goes
 * together with what is new. Of objects that did not change only the key is held.
 */
export class NewList<Kept> {
  readonly #known: KnownObjects<Kept>;
  /** Versions known from before a restored backup mean nothing. */
  readonly #trustVersions: boolean;
  readonly #items = new Map<ObjectKey, KeyedItem<Kept> | undefined>();

  constructor(known: KnownObjects<Kept>, { trustVersions }: { readonly trustVersions: boolean }) {
    this.#known = known;
    this.#trustVersions = trustVersions;
  }

  put(item: KeyedItem<Kept>): void {
    const isSame = this.#trustVersions && this.#known.has(item.key, item.version);
    this.#items.set(item.key, isSame ? undefined : item);
  }

  remove(key: ObjectKey): void {
    this.#items.delete(key);
  }

  /** The list is whole: the way from what is known to it. Removals come first, as addresses are used again. */
  *commit(): Generator<WatchEvent<Kept>> {
    for (const key of this.#known.missingIn(this.#items)) {
      const event = this.#known.remove(key);
      if (event !== undefined) yield event;
    }
    for (const [key, item] of this.#items) {
      // Frees as it goes: what was told is the consumer's to keep.
      this.#items.delete(key);
      const event = item === undefined ? undefined : this.#known.put(item);
      if (event !== undefined) yield event;
    }
    yield { kind: "synced", objects: this.#known.size };
  }
}
