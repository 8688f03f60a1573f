import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Document } from "yaml";
import { splitDocuments } from "../split-documents.ts";
import { readTree } from "../yaml-tree.ts";
import { readCommonTree } from "./read-common-tree.ts";
import { TextPool } from "./text-pool.ts";

/** How many documents of a text are of the common form, and how many there are; each is also read as any other. */
function compare(text: string): { readonly common: number; readonly all: number } {
  const file = { name: "a.yaml", text };
  const pool = new TextPool(text.length);
  const spans = [...splitDocuments(text)];
  let common = 0;
  for (const span of spans) {
    const root = readCommonTree(file, span, pool);
    if (root === undefined) continue;
    common++;
    expect({ kind: "tree", root, diagnostics: [], unusable: false }).toEqual(readTree(file, span));
  }
  return { common, all: spans.length };
}

const isCommon = (text: string): boolean => compare(text).common === 1;

describe("readCommonTree", () => {
  it.each([
    ["a manifest", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  labels:\n    app.kubernetes.io/name: web\n"],
    ["lists in their key's column, and indented further", "a:\n- b\n- c:\n  - d\ne:\n    - f\n"],
    ["items in items, and items that start in a later line", "a:\n  - - b\n    - c: d\n      e: f\n  -\n    g: h\n"],
    ["fields and items without a value", "a:\nb:\n  -\n  - c:\n  -"],
    ["quoted text", "a: 'it''s'\nb: \"c\\n\\u00e9\\x41\"\nd: '# e'\n- f: ''\n".replace("- f", "f")],
    ["comments and blank lines", "# a\n\n---  # b\n\na: b # c\n  # d\n\nc: # e\n  d: e\n# f\n"],
    ["brackets", "a: []\nb: {}\nc: [d, 'e', {f: g, \"h\": 1}]\ni: [\n    j,\n    k,\n  ]\n"],
    ["JSON", '{"a": [1, true, null, {"b":-2}],\n"c": "d\\"e", "f": {}}\n'],
    ["block scalars", "a: |\n  b\n   c\n\n  d\ne: >-\n    f\n    g\n\nh:\n  - |+\n    i: j\n\n  - k\n"],
    ["text of other scripts", "a: – é\nb: 'é'\n"],
  ])("reads %s", (_, text) => {
    expect(isCommon(text)).toBe(true);
  });

  it.each([
    ["anchors and aliases", "a: &x 1\nb: *x\n"],
    ["tags", "a: !!str 1\n"],
    ["merges", "a: {<<: {b: c}}\n"],
    ["keys given twice", "a: 1\na: 2\n"],
    ["keys given twice among many", Array.from({ length: 20 }, (_, i) => `k${i % 19}: 1\n`).join("")],
    ["keys that mean something else", "yes: 1\n"],
    ["keys that are numbers", "{1: a}\n"],
    ["text over several lines", "a: b\n  c\n"],
    ["quotes over several lines", "a: 'b\n  c'\n"],
    ["tabs", "a:\tb\n"],
    ["Windows line ends", "a: b\r\n"],
    ["a second colon", "a: b: c\n"],
    ["templates", "a: {{ .b }}\n"],
    ["indentation that does not fit", "a:\n    b: c\n  d: e\n"],
    ["a value that has ended", "a: b\n  c: d\n"],
    ["brackets that are not closed", "a: [b\nc: d\n"],
    ["brackets that close too far left", "a:\n  b: [\n  c\n]\n"],
    ["block scalars with their indentation given", "a: |1\n  b\n"],
    ["a lone scalar", "a\n"],
    ["nesting without end", "[".repeat(100_000)],
    ["nesting of dashes without end", "- ".repeat(100_000)],
    ["directives", "%YAML 1.1\n---\na: b\n"],
    ["an end mark within brackets", "a: {\n  b: c,\n...  d: e}\n"],
    ["a null byte", "a: \0\n"],
  ])("leaves %s to the other reader", (_, text) => {
    expect(isCommon(text)).toBe(false);
  });

  it("reads as the other reader what is written in every style", { timeout: 60_000 }, () => {
    let read = 0;
    fc.assert(
      fc.property(fc.array(root, { minLength: 1, maxLength: 3 }), style, (values, options) => {
        const written = values.map((value) => new Document(value, { version: "1.1" }).toString(options));
        read += compare(written.join("---\n")).common;
      }),
      { numRuns: 500 },
    );
    expect(read).toBeGreaterThan(200);
  });

  it("reads as the other reader what it reads of changed texts", { timeout: 60_000 }, () => {
    let read = 0;
    fc.assert(
      fc.property(fc.constantFrom(...manifests), fc.array(change, { minLength: 1, maxLength: 3 }), (text, changes) => {
        read += compare(changes.reduce(changed, text)).common;
      }),
      { numRuns: 2000 },
    );
    expect(read).toBeGreaterThan(500);
  });
});

const word = fc.oneof(
  fc.constantFrom("a", "app", "web-1", "kubernetes.io/name", "yes", "null", "1", "0x1", "1e3", "-1", ".5", "~", "<<"),
  fc.constantFrom("", "- a", "a: b", "a #b", "#", "a:", "{", "]", "|", "'", '"', "a\nb", "a\n\n b\n", " a", "é", "😀"),
);
const { root } = fc.letrec((tie) => ({
  root: fc.oneof(tie("list"), tie("mapping")),
  value: fc.oneof({ depthSize: "small" }, word, fc.integer(), fc.constant(null), tie("list"), tie("mapping")),
  list: fc.array(tie("value"), { maxLength: 4 }),
  mapping: fc.dictionary(word, tie("value"), { maxKeys: 4, noNullPrototype: true }),
}));
const style = fc.record({
  indent: fc.integer({ min: 1, max: 4 }),
  indentSeq: fc.boolean(),
  collectionStyle: fc.constantFrom("any", "block", "flow"),
  defaultStringType: fc.constantFrom("PLAIN", "QUOTE_SINGLE", "QUOTE_DOUBLE", "BLOCK_LITERAL", "BLOCK_FOLDED"),
  lineWidth: fc.constantFrom(0, 20),
} as const);

const manifests = [
  "kind: List\nitems:\n- metadata:\n    name: a\n    labels: {b: 'c', \"d\": e}\n  spec:\n  - f\n  - - g\n    -\n",
  "# a\n---\na: |\n  b\n\n  c\nd: >-\n   e\n   f\n\ng: # h\n  i:\n  j: k # l\n...\n---\nm: n\n",
  '{"a": [1, {"b": "c\\n"}],\n  "d": {},\n  "e": null}\n',
  "spec:\n  ports:\n    - port: 80\n      name: 'a'\n    - {port: 1, name: [a,\n       b]}\n  x: -1\n",
];
const change = fc.record({
  at: fc.nat(),
  removed: fc.nat(3),
  added: fc.oneof(
    fc.constantFrom("\n", "  ", "- ", ": ", " #", "\n  ", "\n- ", "---\n", "[", "]", "{", "}", ",", "", "", ""),
    fc.string({
      unit: fc.constantFrom(..."\t\r\n  {}[]:,#&*!|>'\"%@`-?<~a0.\\\0\x7f\x85\uFEFF\u2028😀"),
      maxLength: 3,
    }),
  ),
});

function changed(text: string, { at, removed, added }: { at: number; removed: number; added: string }): string {
  const start = at % (text.length + 1);
  return text.slice(0, start) + added + text.slice(start + removed);
}
