import type { SourceRange } from "../source/source-file.ts";
import type { MappingEntry, MappingNode, SequenceNode, SourceNode } from "../source/source-node.ts";

/** Where a value is that was never written in a file. One for all, so that a cluster's objects hold nothing for it. */
const nowhere: SourceRange = { file: { name: "(the API)", text: "" }, start: 0, end: 0 };

/**
 * A JSON value as a tree that decoders read. Made as it is looked at: most of a pod never is, and a value of any depth
 * does no harm.
 */
export function rawTree(value: unknown): SourceNode {
  if (Array.isArray(value)) return new RawSequence(value);
  if (typeof value === "object" && value !== null) return new RawMapping(value);
  const scalar = typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
  return { kind: "scalar", value: scalar, text: String(scalar), range: nowhere };
}

class RawMapping implements MappingNode {
  readonly kind = "mapping";
  readonly range = nowhere;
  readonly #value: object;
  #entries: readonly MappingEntry[] | undefined;

  constructor(value: object) {
    this.#value = value;
  }

  get entries(): readonly MappingEntry[] {
    this.#entries ??= Object.entries(this.#value).map(([key, value]) => new RawEntry(key, value));
    return this.#entries;
  }
}

class RawEntry implements MappingEntry {
  readonly key: string;
  readonly keyRange = nowhere;
  readonly #raw: unknown;
  #node: SourceNode | undefined;

  constructor(key: string, raw: unknown) {
    this.key = key;
    this.#raw = raw;
  }

  get value(): SourceNode {
    this.#node ??= rawTree(this.#raw);
    return this.#node;
  }
}

class RawSequence implements SequenceNode {
  readonly kind = "sequence";
  readonly range = nowhere;
  readonly #values: readonly unknown[];
  #items: readonly SourceNode[] | undefined;

  constructor(values: readonly unknown[]) {
    this.#values = values;
  }

  get items(): readonly SourceNode[] {
    this.#items ??= this.#values.map(rawTree);
    return this.#items;
  }
}
