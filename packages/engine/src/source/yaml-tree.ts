import { diagnostic } from "./catalogue.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { PaddedText } from "./padded-text.ts";
import { resolvePlain } from "./plain-scalar.ts";
import { skipTo } from "./skip-to.ts";
import type { SourceFile, SourceRange } from "./source-file.ts";
import type { MappingEntry, ScalarNode, SourceNode } from "./source-node.ts";
import type { DocumentSpan } from "./split-documents.ts";
import {
  EVENT_ID,
  type Event,
  SCALAR_STYLE,
  type ScalarEvent,
  type SyntaxFailure,
  getScalarValue,
  readEvents,
} from "./yaml-events.ts";

/** The deepest nesting that is read, aliases included; hand-written manifests stay below 40. */
const maxDepth = 256;
/** How many nodes the aliases of one document may stand for together. */
const maxAliasedNodes = 100_000;

/** Further keys that are given twice are not told of: the document has to be written anew. */
const maxReported = 1_000;

/** One document's tree, or where and why its syntax is wrong. */
export type TreeResult =
  | {
      readonly kind: "tree";
      readonly root: SourceNode;
      /** What Kubernetes would not accept although the syntax is right. */
      readonly diagnostics: readonly Diagnostic[];
      /** Some of them leave no value Kubernetes could mean; the tree is only good for telling what it is about. */
      readonly unusable: boolean;
    }
  | SyntaxFailure;

/** Reads one document of a file. */
export function readTree(file: SourceFile, span: DocumentSpan): TreeResult {
  const whole = span.start === 0 && span.end === file.text.length;
  const original = whole ? file.text : file.text.slice(span.start, span.end);
  const result = readEvents(original, maxDepth);
  if (result.kind === "syntax-error") return { ...result, offset: span.start + result.offset };
  const builder = new TreeBuilder(file, result.source, span.start, result.events);
  const root = builder.readDocument();
  return { kind: "tree", root, diagnostics: builder.diagnostics, unusable: builder.unusable };
}

interface Anchored {
  readonly node: SourceNode;
  /** How many nodes it stands for, and how many levels. */
  readonly size: number;
  readonly height: number;
}

/** Folds the flat list of events of one document into a tree. Offsets in events count from the document's start. */
class TreeBuilder {
  readonly diagnostics: Diagnostic[] = [];
  unusable = false;
  readonly #file: SourceFile;
  readonly #text: string;
  readonly #toOriginal: (offset: number) => number;
  readonly #base: number;
  readonly #events: readonly Event[];
  readonly #anchors = new Map<string, Anchored | "open">();
  #next = 0;
  /** Where the last token that was read ends. */
  #end = 0;
  #depth = 0;
  #deepest = 0;
  #size = 0;
  #aliased = 0;

  constructor(file: SourceFile, source: PaddedText, base: number, events: readonly Event[]) {
    this.#file = file;
    this.#text = source.text;
    this.#toOriginal = source.toOriginal;
    this.#base = base;
    this.#events = events;
  }

  readDocument(): SourceNode {
    if (this.#take()?.type === EVENT_ID.DOCUMENT) return this.#readNode(0);
    return { kind: "scalar", value: null, text: "", range: this.#range(0, 0) };
  }

  /** `emptyAt`: where to place a node that has no text of its own. */
  #readNode(emptyAt: number): SourceNode {
    const event = this.#take();
    if (event?.type === EVENT_ID.ALIAS) return this.#readAlias(event.anchorStart, event.anchorEnd);
    if (event === undefined || event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT) {
      throw new Error("js-yaml gave an event where a node must start");
    }
    const name = event.anchorStart < 0 ? undefined : this.#text.slice(event.anchorStart, event.anchorEnd);
    if (name !== undefined) this.#anchors.set(name, "open");
    const sizeBefore = this.#size++;
    const deepestBefore = this.#deepest;
    this.#deepest = this.#depth;
    const node = event.type === EVENT_ID.SCALAR ? this.#readScalar(event, emptyAt) : this.#readCollection(event);
    if (name !== undefined) {
      this.#anchors.set(name, { node, size: this.#size - sizeBefore, height: this.#deepest - this.#depth });
    }
    this.#deepest = Math.max(this.#deepest, deepestBefore);
    return node;
  }

  #readScalar(event: ScalarEvent, emptyAt: number): ScalarNode {
    const text = getScalarValue(this.#text, event);
    const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
    const start = event.valueStart < 0 ? emptyAt : event.valueStart - (quoted ? 1 : 0);
    const end = event.valueStart < 0 ? emptyAt : event.valueEnd + (quoted ? 1 : 0);
    this.#end = Math.max(this.#end, end, event.tagEnd, event.anchorEnd);
    const tag = event.tagStart < 0 ? undefined : this.#text.slice(event.tagStart, event.tagEnd);
    const fits = tag === undefined ? undefined : resolvedTags.get(tag);
    const plain = tag === undefined ? event.style === SCALAR_STYLE.PLAIN : fits !== undefined;
    const value = plain ? resolvePlain(text) : text;
    const range = this.#range(start, end);
    if (fits?.(value) === false) {
      const help = `write the value without \`${tag}\``;
      this.#refuse(diagnostic("PW1001", `\`${text}\` is no value for the tag ${tag}`, { range, help }));
    }
    return { kind: "scalar", value, text, range };
  }

  #readCollection(event: Extract<Event, { type: 2 | 3 }>): SourceNode {
    this.#depth++;
    this.#deepest = Math.max(this.#deepest, this.#depth);
    this.#end = event.start;
    const flow = isOpeningBracket(this.#text[event.start]);
    if (flow) this.#end++;
    const node = event.type === EVENT_ID.SEQUENCE ? this.#readItems(flow) : this.#readEntries();
    if (flow) this.#end = skipTo(this.#text, this.#end, "]}") ?? this.#end;
    this.#depth--;
    return { ...node, range: this.#range(event.start, this.#end) };
  }

  #readItems(flow: boolean): Omit<Extract<SourceNode, { kind: "sequence" }>, "range"> {
    const items: SourceNode[] = [];
    while (this.#events[this.#next]?.type !== EVENT_ID.POP) {
      // An item without text is shown at its dash.
      if (!flow) this.#end = skipTo(this.#text, this.#end, "-") ?? this.#end;
      items.push(this.#readNode(this.#end));
    }
    this.#next++;
    return { kind: "sequence", items };
  }

  #readEntries(): Omit<Extract<SourceNode, { kind: "mapping" }>, "range"> {
    const entries = new Map<string, MappingEntry>();
    const merged = new Set<string>();
    while (this.#events[this.#next]?.type !== EVENT_ID.POP) {
      const merges = this.#isMergeKey();
      const key = this.#readNode(this.#end);
      const value = this.#readNode(skipTo(this.#text, this.#end, ":") ?? this.#end);
      if (merges) {
        for (const entry of this.#mergedEntries(value)) {
          setLast(entries, entry);
          merged.add(entry.key);
        }
        continue;
      }
      const name = this.#keyText(key);
      if (name === undefined) continue;
      const earlier = entries.get(name);
      if (earlier !== undefined && !merged.delete(name)) this.#reportDuplicate(name, earlier.keyRange, key.range);
      setLast(entries, { key: name, keyRange: key.range, value });
    }
    this.#next++;
    return { kind: "mapping", entries: [...entries.values()] };
  }

  /** A plain `<<` key merges (go-yaml `isMerge`). */
  #isMergeKey(): boolean {
    const event = this.#events[this.#next];
    if (event?.type !== EVENT_ID.SCALAR || event.style !== SCALAR_STYLE.PLAIN) return false;
    return this.#text.slice(event.valueStart, event.valueEnd) === "<<" && event.tagStart < 0;
  }

  /**
   * What a `<<` adds. Kubernetes' library writes merged keys in place, so that whichever is written later wins, the
   * mapping's own keys included; of several merged mappings the first wins (go-yaml `decoder.merge`).
   */
  #mergedEntries(value: SourceNode): readonly MappingEntry[] {
    if (value.kind === "mapping") return value.entries;
    const sources = value.kind === "sequence" ? value.items : [value];
    const entries: MappingEntry[] = [];
    for (const source of sources.toReversed()) {
      if (source.kind === "mapping") {
        for (const entry of source.entries) entries.push(entry);
      } else {
        this.#refuse(diagnostic("PW1001", "`<<` needs a mapping to merge", { range: value.range }));
        return [];
      }
    }
    return entries;
  }

  /** sigs.k8s.io/yaml turns numbers and booleans into text and refuses every other key. */
  #keyText(key: SourceNode): string | undefined {
    if (key.kind === "scalar" && key.value !== null) return keyText(key.value);
    const { text } = this.#file;
    if (text.startsWith("{{", key.range.start - 1) || text.startsWith("{{", key.range.start)) {
      this.#refuse(diagnostic("PW1009", "this is a template, not YAML", { range: key.range, help: renderHelp }));
    } else {
      const what = key.kind === "scalar" ? "null" : `a ${key.kind}`;
      const help = "write the key as text, in quotes if need be";
      this.#refuse(diagnostic("PW1010", `a key must be text, not ${what}`, { range: key.range, help }));
    }
    return undefined;
  }

  #readAlias(start: number, end: number): SourceNode {
    this.#end = end;
    const range = this.#range(start - 1, end);
    const name = this.#text.slice(start, end);
    const anchored = this.#anchors.get(name);
    if (anchored !== undefined && anchored !== "open") {
      this.#aliased += anchored.size;
      this.#size += anchored.size;
      this.#deepest = Math.max(this.#deepest, this.#depth + anchored.height);
      if (this.#aliased <= maxAliasedNodes && this.#deepest <= maxDepth) return anchored.node;
    }
    if (!this.unusable) this.#refuse(aliasProblem(name, anchored, range));
    this.unusable = true;
    return { kind: "scalar", value: null, text: "", range };
  }

  #reportDuplicate(key: string, first: SourceRange, again: SourceRange): void {
    if (this.diagnostics.length >= maxReported) return;
    this.diagnostics.push(
      diagnostic("PW1006", `key "${key}" is already set in this mapping; this value replaces the earlier one`, {
        range: again,
        related: [{ message: "first given here", range: first }],
        help: "keep one of the two; for two list items, start the second with a dash",
      }),
    );
  }

  #refuse(problem: Diagnostic): void {
    this.diagnostics.push(problem);
    this.unusable = true;
  }

  #take(): Event | undefined {
    return this.#events[this.#next++];
  }

  #range(start: number, end: number): SourceRange {
    return {
      file: this.#file,
      start: this.#base + this.#toOriginal(start),
      end: this.#base + this.#toOriginal(end),
    };
  }
}

/** What to do about a template that was not rendered. */
export const renderHelp = "render it first, for example `helm template CHART | podwall check -`";

/** Tags that ask for resolution as if nothing was said, and what that may give; others make a scalar text. */
const resolvedTags: ReadonlyMap<string, (value: ScalarNode["value"]) => boolean> = new Map([
  ["!!int", Number.isInteger],
  ["!!float", (value) => typeof value === "number"],
  ["!!bool", (value) => typeof value === "boolean"],
  ["!!null", (value) => value === null],
]);

function aliasProblem(name: string, anchored: Anchored | "open" | undefined, range: SourceRange): Diagnostic {
  if (anchored === undefined) {
    const help = `write \`&${name}\` before the value it stands for, above this line and in the same document`;
    return diagnostic("PW1007", `no anchor \`&${name}\` comes before this alias`, { range, help });
  }
  if (anchored === "open")
    return diagnostic("PW1007", `the alias \`*${name}\` stands inside its own anchor`, { range });
  const message = `aliases stand for more than ${maxAliasedNodes} values or ${maxDepth} levels`;
  return diagnostic("PW1008", message, { range, help: "write the values out, or split the document" });
}

/** As sigs.k8s.io/yaml writes keys; JavaScript writes the infinities and NaN in another way. */
function keyText(value: string | number | boolean): string {
  if (typeof value !== "number" || Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? ".nan" : value > 0 ? ".inf" : "-.inf";
}

function setLast(entries: Map<string, MappingEntry>, entry: MappingEntry): void {
  entries.delete(entry.key);
  entries.set(entry.key, entry);
}

function isOpeningBracket(character: string | undefined): boolean {
  return character === "[" || character === "{";
}
