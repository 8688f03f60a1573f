import { copyOf } from "./copy-of.ts";

/** What is kept by texts. */
export interface Lookup<Value> extends Iterable<readonly [key: string, value: Value]> {
  get(key: string): Value | undefined;
}

/** An entry that two maps have otherwise; undefined where there is none. */
export interface EntryChange<Value> {
  readonly key: string;
  readonly before: Value | undefined;
  readonly after: Value | undefined;
}

/** Of a map of ten thousand entries, ten are copied for one that changes. A power of 2. */
const partCount = 1024;

/**
 * A map that never changes. A copy with other entries shares the parts with it in which they are not, so that to make it, and to tell
 * the two apart, takes the time of those parts.
 */
export class SharedMap<Value> implements Lookup<Value> {
  readonly #parts: readonly (ReadonlyMap<string, Value> | undefined)[];

  private constructor(parts: readonly (ReadonlyMap<string, Value> | undefined)[]) {
    this.#parts = parts;
  }

  static empty<Value>(): SharedMap<Value> {
    return new SharedMap<Value>(Array.from({ length: partCount }, () => undefined));
  }

  get(key: string): Value | undefined {
    return this.#parts[partOf(key)]?.get(key);
  }

  *[Symbol.iterator](): Iterator<readonly [string, Value]> {
    for (const part of this.#parts) if (part !== undefined) yield* part;
  }

  /** A list of its own. */
  values(): Value[] {
    const values: Value[] = [];
    const put = (value: Value): unknown => values.push(value);
    for (const part of this.#parts) part?.forEach(put);
    return values;
  }

  /** A copy in which some entries are others; without those that are undefined. */
  with(entries: Iterable<readonly [key: string, value: Value | undefined]>): SharedMap<Value> {
    const parts = [...this.#parts];
    const copied = new Map<number, Map<string, Value>>();
    for (const [key, value] of entries) {
      const at = partOf(key);
      let part = copied.get(at);
      if (part === undefined) copied.set(at, (part = copyOf(parts[at] ?? nothing)));
      if (value === undefined) part.delete(key);
      else part.set(key, value);
      parts[at] = part;
    }
    return new SharedMap(parts);
  }

  /** The entries that are others in another one. */
  changesTo(after: SharedMap<Value>): EntryChange<Value>[] {
    const changes: EntryChange<Value>[] = [];
    for (let at = 0; at < partCount; at++) {
      const [part, other] = [this.#parts[at], after.#parts[at]];
      if (part !== other) addChanges(part ?? nothing, other ?? nothing, changes);
    }
    return changes;
  }
}

/** Adds the entries of a part that are others. */
function addChanges<Value>(
  before: ReadonlyMap<string, Value>,
  after: ReadonlyMap<string, Value>,
  changes: EntryChange<Value>[],
): void {
  before.forEach((had, key) => {
    const has = after.get(key);
    if (has !== had) changes.push({ key, before: had, after: has });
  });
  after.forEach((has, key) => {
    if (!before.has(key)) changes.push({ key, before: undefined, after: has });
  });
}

const nothing: ReadonlyMap<string, never> = new Map<string, never>();

/** The entries that are not the same in two maps. */
export function entryChanges<Value>(before: Lookup<Value>, after: Lookup<Value>): EntryChange<Value>[] {
  if (before instanceof SharedMap && after instanceof SharedMap) return before.changesTo(after);
  const changes: EntryChange<Value>[] = [];
  for (const [key, had] of before) {
    const has = after.get(key);
    if (has !== had) changes.push({ key, before: had, after: has });
  }
  for (const [key, has] of after) {
    if (before.get(key) === undefined) changes.push({ key, before: undefined, after: has });
  }
  return changes;
}

function partOf(key: string): number {
  let hash = 0;
  for (let index = 0; index < key.length; index++) hash = (hash * 31 + key.charCodeAt(index)) | 0;
  return (hash ^ (hash >>> 10)) & (partCount - 1);
}
