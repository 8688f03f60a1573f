import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Line, LineSplitter } from "./line-splitter.ts";

function split(chunks: readonly Buffer[], maxLineBytes = 1000): Line[] {
  const lines: Line[] = [];
  const splitter = new LineSplitter(maxLineBytes, (line) => lines.push(line));
  for (const chunk of chunks) splitter.push(chunk);
  return lines;
}

describe("the line splitter", () => {
  it("finds the same lines wherever the chunks begin and end", () => {
    const chunk = fc.string({ unit: fc.constantFrom("a", "é", "\n", "{"), maxLength: 12 });
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 12 }), (texts) => {
        const whole = texts.join("");
        const expected = whole
          .split("\n")
          .slice(0, -1)
          .filter((line) => line !== "");
        // Bytes, so that characters are cut too.
        const bytes = Buffer.from(whole);
        const chunks = texts.map((_, i) =>
          bytes.subarray(
            Math.floor((bytes.length * i) / texts.length),
            Math.floor((bytes.length * (i + 1)) / texts.length),
          ),
        );
        const found = split(chunks).map((line) => (line.kind === "line" ? line.bytes.toString() : "cut"));
        expect(found).toEqual(expected);
      }),
    );
  });

  it("holds back what no line break ends", () => {
    expect(split([Buffer.from("half")])).toEqual([]);
  });

  it("keeps only the beginning of a line that is too long, and all of the next", () => {
    const chunks = ["x".repeat(6), "y".repeat(6), "z\nnext\n"].map((text) => Buffer.from(text));
    expect(split(chunks, 10)).toEqual([
      { kind: "cut", start: Buffer.from("xxxxxxyyyyyy") },
      { kind: "line", bytes: Buffer.from("next") },
    ]);
  });

  it("does not hold a long line in memory", () => {
    const chunk = Buffer.alloc(1024 * 1024, "x");
    const lines = split([...Array.from({ length: 64 }, () => chunk), Buffer.from("\n")], 100_000);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.kind === "cut" && lines[0].start.buffer.byteLength).toBeLessThan(100_000);
  });
});
