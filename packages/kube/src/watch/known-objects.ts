import type { ReadItem } from "./read-item.ts";
import type { ObjectKey, WatchEvent } from "./watch-event.ts";

/** Which objects were told of, and in which version: what a new list is compared with. */
export class KnownObjects<Kept> {
  readonly #versions = new Map<ObjectKey, string>();

  get size(): number {
    return this.#versions.size;
  }

  /** An item of a list, or of a watch's events that an object is there. Undefined where that tells nothing new. */
  put(item: KeyedItem<Kept>): WatchEvent<Kept> | undefined {
    const { key, version } = item;
    if (item.kind === "object" && item.kept === undefined) return this.remove(key);
    this.#versions.set(key, version);
    return item.kind === "object"
      ? { kind: "changed", key, object: item.kept as Kept }
      : { kind: "unreadable", key, why: item.why };
  }

  remove(key: ObjectKey): WatchEvent<Kept> | undefined {
    return this.#versions.delete(key) ? { kind: "removed", key } : undefined;
  }

  /** Whether an object was told of in this very version. */
  has(key: ObjectKey, version: string): boolean {
    return version !== "" && this.#versions.get(key) === version;
  }

  /** The objects that were told of and are not among these. */
  missingIn(keys: { has(key: ObjectKey): boolean }): ObjectKey[] {
    return [...this.#versions.keys()].filter((key) => !keys.has(key));
  }
}

/** An item of which it is clear which object it is. */
export type KeyedItem<Kept> = ReadItem<Kept> & { readonly key: ObjectKey };
