import { isOlder } from "./is-older.ts";
import { type KeyedItem, KnownObjects } from "./known-objects.ts";
import type { Line } from "./line-splitter.ts";
import type { ListItem } from "./list-scanner.ts";
import { NewList } from "./new-list.ts";
import { type Decode, type ReadItem, parseBytes, readItem, unreadable } from "./read-item.ts";
import type { WatchEvent } from "./watch-event.ts";
import { WatchFailure } from "./watch-failure.ts";
import { readWatchLine } from "./watch-message.ts";

/** What is known of a resource, and how what the server sends changes it. */
export class ResourceState<Kept> {
  readonly #decode: Decode<Kept>;
  readonly #tell: (event: WatchEvent<Kept>) => void;
  readonly #known = new KnownObjects<Kept>();
  #list: NewList<Kept> | undefined;
  #trustVersions = true;
  /** The newest version ever heard of. */
  #newest = "";
  #version: string | undefined;

  constructor(decode: Decode<Kept>, tell: (event: WatchEvent<Kept>) => void) {
    this.#decode = decode;
    this.#tell = tell;
  }

  /** Where a watch can go on; undefined: a list is needed. */
  get version(): string | undefined {
    return this.#version;
  }

  get isListing(): boolean {
    return this.#list !== undefined;
  }

  get size(): number {
    return this.#known.size;
  }

  /** A new list begins; what came of one before is dropped. Nothing is told of it until it is whole. */
  beginList(): void {
    this.#version = undefined;
    this.#list = new NewList(this.#known, { trustVersions: this.#trustVersions });
  }

  dropList(): void {
    this.#list = undefined;
  }

  /** The next try begins with a list. */
  forgetVersion(): void {
    this.#version = undefined;
  }

  takeItem(item: ListItem): void {
    const read = this.#readListItem(item);
    this.#list?.put(this.#keyed(read));
  }

  /** The list is whole, and the server's state of this version. */
  endList(version: string): void {
    if (this.#trustVersions && isOlder(version, this.#newest)) {
      // The objects' versions may have been given a second time, so each counts as changed in the next list.
      this.#trustVersions = false;
      throw rewound(version, this.#newest);
    }
    const list = this.#list;
    this.#list = undefined;
    this.#trustVersions = true;
    this.#newest = version;
    this.#version = version;
    for (const event of list?.commit() ?? []) this.#tell(event);
  }

  /** The resource itself is gone. */
  endEmpty(): void {
    this.#version = undefined;
    this.#newest = "";
    for (const event of new NewList(this.#known, { trustVersions: false }).commit()) this.#tell(event);
  }

  takeLine(line: Line): void {
    const message = readWatchLine(line, this.#decode);
    if (message.kind === "bookmark") this.#takeBookmark(message);
    else if (this.#list !== undefined) {
      if (message.kind === "there") this.#list.put(this.#keyed(message.item));
      else this.#list.remove(this.#keyed(message.item).key);
    } else {
      const item = this.#keyed(message.item);
      this.#advance(item.version);
      const event = message.kind === "there" ? this.#known.put(item as KeyedItem<Kept>) : this.#known.remove(item.key);
      if (event !== undefined) this.#tell(event);
    }
  }

  #takeBookmark({
    version,
    endsInitialEvents,
  }: {
    readonly version: string;
    readonly endsInitialEvents: boolean;
  }): void {
    if (this.#list === undefined) {
      this.#advance(version);
      this.#tell({ kind: "heard" });
    } else if (endsInitialEvents) this.endList(version);
    // An ordinary bookmark here: the server does not know of watches that begin with a list.
    else throw new WatchFailure("refused", "the server did not say where its list ends", { next: "list" });
  }

  #advance(version: string): void {
    if (version === "") return;
    if (isOlder(version, this.#newest)) {
      this.#trustVersions = false;
      throw rewound(version, this.#newest);
    }
    this.#version = version;
    this.#newest = version;
  }

  #readListItem(item: ListItem): ReadItem<Kept> {
    if (item.kind === "cut") return unreadable(item.start, "it is too long");
    const parsed = parseBytes(item.bytes);
    return "why" in parsed ? unreadable(item.bytes, parsed.why) : readItem(parsed.value, this.#decode);
  }

  /** What cannot even be named cannot be left out either: the whole list or watch is no good. */
  #keyed<Any>(item: ReadItem<Any>): KeyedItem<Any> {
    const { key } = item;
    if (key !== undefined) return { ...item, key };
    const why = item.kind === "unreadable" ? item.why : "";
    throw new WatchFailure("garbled", `the server sent an object that cannot be named: ${why}`, { next: "list" });
  }
}

function rewound(version: string, newest: string): WatchFailure {
  const message = `the server's state has version ${version}, and it once had ${newest}: was a backup restored?`;
  return new WatchFailure("rewound", message, { next: "list" });
}
