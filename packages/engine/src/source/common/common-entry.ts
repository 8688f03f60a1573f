import type { MappingEntry, ScalarNode } from "../source-node.ts";

/** The key that a scalar is: text. Numbers, `yes` and `<<`, which mean something else, are not of the common form. */
export function keyOf({ value, text }: ScalarNode): string | undefined {
  return value !== text || text === "<<" ? undefined : text;
}

/** The entries of a mapping that is being read, and its keys once they are too many to go through. */
export interface Entries {
  readonly list: MappingEntry[];
  keys: Set<string> | undefined;
}

/** Adds an entry unless its key is there already, which has to be reported. */
export function addEntry(entries: Entries, entry: MappingEntry): boolean {
  const { list } = entries;
  if (list.length < manyKeys) {
    for (const { key } of list) {
      if (key === entry.key) return false;
    }
  } else {
    entries.keys ??= new Set(list.map(({ key }) => key));
    if (entries.keys.size === entries.keys.add(entry.key).size) return false;
  }
  list.push(entry);
  return true;
}

const manyKeys = 16;
