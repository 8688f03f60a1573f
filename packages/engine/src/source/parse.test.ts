import { describe, expect, it } from "vitest";
import { parse } from "./parse.ts";
import { positionAt } from "./source-file.ts";
import { plainValue, textOf } from "./testing.ts";

function read(text: string): unknown {
  const { documents, diagnostics } = parse({ name: "a.yaml", text });
  expect(diagnostics).toEqual([]);
  return documents.map(plainValue);
}

function problemsOf(text: string): readonly string[] {
  return parse({ name: "a.yaml", text }).diagnostics.map(({ code, range }) => {
    const { line, column } = range === undefined ? { line: 0, column: 0 } : positionAt(range.file, range.start);
    return `${code} ${line}:${column}`;
  });
}

describe("parse", () => {
  it("reads documents, skipping those that hold nothing", () => {
    expect(read("---\n# a comment\n---\na: 1\n--- \n---\n- b\n...\n")).toEqual([{ a: 1 }, ["b"]]);
  });

  it("reads JSON, indented with tabs too", () => {
    expect(read('{\n\t"a": [1,\n\t\t{"b": null}],\n\t"c": "\\ud83d\\ude00\\/"\n}\n')).toEqual([
      { a: [1, { b: null }], c: "😀/" },
    ]);
  });

  it("reads past a byte order mark and CRLF", () => {
    expect(read("\uFEFFa: x\r\nb:\r\n- |\r\n  c\r\n")).toEqual([{ a: "x", b: ["c\n"] }]);
  });

  it("keeps quoted and tagged scalars as they are tagged", () => {
    expect(read("a: '1'\nb: \"yes\"\nc: !!str 1\nd: ! 1\ne: !!int 1\nf: !own 1\n")).toEqual([
      { a: "1", b: "yes", c: "1", d: "1", e: 1, f: "1" },
    ]);
  });

  it("refuses a value that is not of its tag's type", () => {
    expect(problemsOf("a: !!bool x\nb: !!int 1.5\nc: !!float 1\nd: !!null ~\n")).toEqual([
      "PW1001 1:11",
      "PW1001 2:10",
    ]);
  });

  it("reads tabs between a key and a bracket, and after one, as spaces", () => {
    expect(read("a: \t {b:\t[],\tc: [\t{\t}\t]}\nd:\t!!map\t{}\n")).toEqual([{ a: { b: [], c: [{}] }, d: {} }]);
  });

  it("refuses a document of another version of YAML than 1.1", () => {
    expect(read("%YAML 1.1\n---\na: 1\n")).toEqual([{ a: 1 }]);
    expect(problemsOf("# %YAML 1.2\n%YAML 1.2\n---\na: 1\n")).toEqual(["PW1001 2:1"]);
  });

  it("writes numbers and booleans in keys as text", () => {
    expect(read("1: a\ntrue: b\n0x10: c\n.inf: d\n")).toEqual([{ "1": "a", true: "b", "16": "c", ".inf": "d" }]);
  });

  it("takes keys such as __proto__ as the text they are", () => {
    const [document] = parse({ name: "a.yaml", text: "__proto__: {x: 1}\nconstructor: 2\n" }).documents;
    expect(document?.kind === "mapping" && document.entries.map(({ key }) => key)).toEqual([
      "__proto__",
      "constructor",
    ]);
  });

  it("merges `<<` where it stands: what is written later wins, and of several merged mappings the first", () => {
    const anchors = "x: &x {b: 1, c: 2}\ny: &y {b: 3, z: 4}\n";
    expect(read(`${anchors}d:\n  <<: *x\n  b: 9\n`)).toMatchObject([{ d: { b: 9, c: 2 } }]);
    expect(read(`${anchors}d:\n  b: 9\n  <<: *x\n`)).toMatchObject([{ d: { b: 1, c: 2 } }]);
    expect(read(`${anchors}d: {<<: [*x, *y]}\n`)).toMatchObject([{ d: { b: 1, c: 2, z: 4 } }]);
    expect(read("d: {'<<': {a: 1}}\n")).toEqual([{ d: { "<<": { a: 1 } } }]);
  });

  it("reads a closing bracket in its key's column, and lines inside brackets and quotes wherever they start", () => {
    expect(read('x:\n  a: [\n    b\n  ]\n  c: {\n  d: e\n}\nf: "g\nh"\n')).toEqual([
      { x: { a: ["b"], c: { d: "e" } }, f: "g h" },
    ]);
  });

  it("gives keys, scalars and collections their exact ranges", () => {
    const text = "# c\nkey: 'it''s'\nlist: # d\n  - a\n  -\n  - [b, {c: d} ]\nblock: |\n  e\nlast: {}\n";
    const [document] = parse({ name: "a.yaml", text }).documents;
    if (document?.kind !== "mapping") throw new Error("no mapping");
    const [key, list, block, last] = document.entries;
    expect(document.entries.map(({ keyRange }) => textOf(keyRange))).toEqual(["key", "list", "block", "last"]);
    expect(key && textOf(key.value.range)).toBe("'it''s'");
    expect(list && textOf(list.value.range)).toBe("- a\n  -\n  - [b, {c: d} ]");
    expect(list?.value.kind === "sequence" && list.value.items.map(({ range }) => textOf(range))).toEqual([
      "a",
      "",
      "[b, {c: d} ]",
    ]);
    expect(block && textOf(block.value.range)).toBe("  e\n");
    expect(last && textOf(last.value.range)).toBe("{}");
  });

  it("keeps ranges exact in later documents and on lines that were indented too little", () => {
    const text = "a: 1\n---\nb: [\nc, 'd'\n]\ne: f\n";
    const document = parse({ name: "a.yaml", text }).documents[1];
    if (document?.kind !== "mapping") throw new Error("no mapping");
    const [b, e] = document.entries;
    expect(b && textOf(b.value.range)).toBe("[\nc, 'd'\n]");
    expect(b?.value.kind === "sequence" && b.value.items.map(({ range }) => textOf(range))).toEqual(["c", "'d'"]);
    expect(e && [textOf(e.keyRange), textOf(e.value.range)]).toEqual(["e", "f"]);
  });

  it("reads the other documents when one is broken", () => {
    const { documents, diagnostics, broken } = parse({ name: "a.yaml", text: "a: 1\n---\nb: 'c\n---\nd: 2\n" });
    expect(documents.map(plainValue)).toEqual([{ a: 1 }, { d: 2 }]);
    expect(diagnostics.map(({ code }) => code)).toEqual(["PW1003"]);
    expect(broken.map(({ reason }) => reason)).toEqual(diagnostics);
  });

  it("names the mistake, where it is, and what to write instead", () => {
    expect(problemsOf("a:\n\tb: 1\n")).toEqual(["PW1002 2:1"]);
    expect(problemsOf('a: "x\nb: 2\n')).toEqual(["PW1003 1:4"]);
    expect(problemsOf("a: [1, 2\nb: 3\n")).toEqual(["PW1003 2:1"]);
    expect(problemsOf("a:\n  b: 1\n c: 2\n")).toEqual(["PW1004 3:1"]);
    expect(problemsOf("m:\n  ns: x\n  name:foo\n")).toEqual(["PW1005 3:3"]);
    expect(problemsOf("a: b: c\n")).toEqual(["PW1001 1:4"]);
    expect(problemsOf("a: 'it's'\n")).toEqual(["PW1001 1:8"]);
    expect(problemsOf("a: {{ .x }}\nb: {{ .y }}-z\n")).toEqual(["PW1009 2:12"]);
    expect(problemsOf('{"a": 1}\n{"b": 2}\n')).toEqual(["PW1001 2:1"]);
    expect(problemsOf("a: \u0000")).toEqual(["PW1001 1:4"]);
    expect(parse({ name: "a.yaml", text: "m:\n  name:foo\n  b: c\n" }).diagnostics[0]?.help).toBe("write `name: foo`");
  });

  it("reports several mistakes of one document", () => {
    expect(problemsOf("a: @x\nb: `y`\nc: d\n")).toEqual(["PW1001 1:4", "PW1001 2:4"]);
  });

  it("reports a repeated key with both places, and the last one wins", () => {
    const { documents, diagnostics } = parse({ name: "a.yaml", text: "a: 1\nb: 2\na: 3\n" });
    expect(documents.map(plainValue)).toEqual([{ a: 3, b: 2 }]);
    expect(diagnostics).toMatchObject([{ code: "PW1006", range: { start: 10 }, related: [{ range: { start: 0 } }] }]);
  });

  it("refuses aliases without an anchor, within their own, and keys that are no text", () => {
    expect(problemsOf("a: *x\n")).toEqual(["PW1007 1:4"]);
    expect(problemsOf("a: &x [*x]\n")).toEqual(["PW1007 1:8"]);
    expect(problemsOf("~: x\n")).toEqual(["PW1010 1:1"]);
    expect(problemsOf("? [a]\n: x\n")).toEqual(["PW1010 1:3"]);
  });

  it("stops at aliases that grow without bound, in width and in depth", () => {
    const wide = Array.from(
      { length: 9 },
      (_, i) =>
        `a${i}: &a${i} [${Array(9)
          .fill(i === 0 ? "x" : `*a${i - 1}`)
          .join()}]`,
    );
    expect(problemsOf(wide.join("\n"))).toEqual([expect.stringMatching(/^PW1008/)]);
    const deep = Array.from({ length: 400 }, (_, i) => `a${i}: &a${i} [${i === 0 ? "x" : `*a${i - 1}`}]`);
    expect(problemsOf(deep.join("\n"))).toEqual([expect.stringMatching(/^PW1008/)]);
    expect(problemsOf("[".repeat(100_000))).toEqual([expect.stringMatching(/^PW1008/)]);
  });
});
