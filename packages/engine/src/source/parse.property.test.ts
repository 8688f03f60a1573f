import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Document, type ToStringOptions, parseDocument } from "yaml";
import { parse } from "./parse.ts";
import type { SourceNode } from "./source-node.ts";
import { plainValue, textOf } from "./testing.ts";

/** Texts that mean something else when they are not quoted, among others. */
const text = fc.oneof(
  fc.constantFrom(
    "yes",
    "on",
    "null",
    "~",
    "0120",
    "0x50",
    "1e3",
    "- a",
    "a: b",
    "#",
    "---",
    "...",
    "&a",
    "*a",
    "{",
    "]",
    "|",
    "",
  ),
  fc.string({
    unit: fc.constantFrom("a", "b", "0", " ", "\n", ":", "#", "'", '"', "\\", "é", "😀", "-"),
    maxLength: 12,
  }),
);
const scalar = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));
/** The root is a collection: no manifest is a lone scalar. */
const { root } = fc.letrec((tie) => ({
  root: fc.oneof(tie("list"), tie("mapping")),
  value: fc.oneof({ depthSize: "small", withCrossShrink: true }, scalar, tie("list"), tie("mapping")),
  list: fc.array(tie("value"), { maxLength: 4 }),
  mapping: fc.dictionary(text, tie("value"), { maxKeys: 4, noNullPrototype: true }),
}));
const style = fc.record({
  indent: fc.integer({ min: 1, max: 5 }),
  indentSeq: fc.boolean(),
  collectionStyle: fc.constantFrom("any", "block", "flow"),
  defaultStringType: fc.constantFrom("PLAIN", "QUOTE_SINGLE", "QUOTE_DOUBLE", "BLOCK_LITERAL", "BLOCK_FOLDED"),
  lineWidth: fc.constantFrom(0, 20, 80),
} as const);

/** A text for a value; where the package writes one that it does not read back itself, the case is passed over. */
function write(value: unknown, options: ToStringOptions): string {
  const written = new Document(value, { version: "1.1", merge: false }).toString(options);
  const back = parseDocument(written, { version: "1.1", merge: false });
  fc.pre(back.errors.length === 0 && fc.stringify(back.toJS()) === fc.stringify(value));
  return written;
}

describe("parse, against the yaml package", { timeout: 60_000 }, () => {
  it("reads what is written, in every style", () => {
    fc.assert(
      fc.property(fc.array(root, { minLength: 1, maxLength: 3 }), style, fc.boolean(), (values, options, crlf) => {
        const documents = values.map((one) => write(one, options));
        const written = documents.join("---\n").replaceAll("\n", crlf ? "\r\n" : "\n");
        const expected = documents.map((one) => parseDocument(one, { version: "1.1", merge: false }).toJS() as unknown);
        const { documents: read, diagnostics } = parse({ name: "a.yaml", text: written });
        expect(diagnostics).toEqual([]);
        expect(read.map(plainValue)).toEqual(expected.filter((one) => one !== null));
      }),
      { numRuns: 150 },
    );
  });

  it("gives every key and scalar the range in which it alone is written", () => {
    fc.assert(
      fc.property(root, style, (one, options) => {
        const written = write(one, options);
        expect(parse({ name: "a.yaml", text: written }).documents.flatMap(misplaced)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it("never throws, and points into the file, whatever is changed in a good text", () => {
    const change = fc.record({
      at: fc.nat(),
      removed: fc.nat(5),
      added: fc.string({ unit: fc.constantFrom(..."\t\n {}[]:,#&*!|>'\"%@`-?<~a0\0\uFEFF\u2028"), maxLength: 4 }),
    });
    fc.assert(
      fc.property(root, style, fc.array(change, { minLength: 1, maxLength: 4 }), (one, options, changes) => {
        let written = write(one, options);
        for (const { at, removed, added } of changes) {
          const start = at % (written.length + 1);
          written = written.slice(0, start) + added + written.slice(start + removed);
        }
        for (const { range, message } of parse({ name: "a.yaml", text: written }).diagnostics) {
          expect(message).not.toBe("");
          expect(range && range.start >= 0 && range.start <= range.end && range.start <= written.length).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/**
 * The keys and scalars whose range's own text, read alone, gives something else. Block scalars need their header,
 * and plain text over several lines its surroundings: those are passed over.
 */
function misplaced(node: SourceNode): readonly string[] {
  if (node.kind === "sequence") return node.items.flatMap(misplaced);
  if (node.kind === "mapping") {
    const wrongKeys = node.entries.filter(({ key, keyRange }) => readAlone(textOf(keyRange)) !== key);
    return [...wrongKeys.map(({ key }) => key), ...node.entries.flatMap(({ value }) => misplaced(value))];
  }
  const alone = textOf(node.range);
  if (/^["']/.test(alone)) return readAlone(alone) === node.value ? [] : [alone];
  return alone.includes("\n") || alone.trim() === node.text.trim() ? [] : [alone];
}

/** In brackets, where a marker or dash is text. */
function readAlone(written: string): unknown {
  return (parseDocument(`[${written}]`, { version: "1.1" }).toJS() as readonly unknown[])[0];
}
