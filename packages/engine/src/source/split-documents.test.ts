import { describe, expect, it } from "vitest";
import { splitDocuments } from "./split-documents.ts";

function documentsOf(text: string): readonly string[] {
  return [...splitDocuments(text)].map(({ start, end }) => text.slice(start, end));
}

describe("splitDocuments", () => {
  it("splits at markers and keeps each marker with the document that it starts", () => {
    expect(documentsOf("a: 1\n---\nb: 2\n")).toEqual(["a: 1\n", "---\nb: 2\n"]);
  });

  it("splits CRLF and CR lines", () => {
    expect(documentsOf("a: 1\r\n---\r\nb: 2")).toEqual(["a: 1\r\n", "---\r\nb: 2"]);
    expect(documentsOf("a: 1\r---\rb: 2")).toEqual(["a: 1\r", "---\rb: 2"]);
  });

  it("ends a document at `...`", () => {
    expect(documentsOf("a: 1\n...\nb: 2\n")).toEqual(["a: 1\n...\n", "b: 2\n"]);
  });

  it("gives directives and comments to the document after them", () => {
    expect(documentsOf("# one\n%YAML 1.1\n---\na: 1\n...\n# two\n%YAML 1.1\n---\nb: 2\n")).toEqual([
      "# one\n%YAML 1.1\n---\na: 1\n...\n",
      "# two\n%YAML 1.1\n---\nb: 2\n",
    ]);
  });

  it("does not split at an indented marker, which is text in a block scalar", () => {
    const text = "a: |\n  ---\n  b\n";
    expect(documentsOf(text)).toEqual([text]);
  });

  it("does not split at a dash line or a longer word", () => {
    const text = "a: 1\n----\n---x\n";
    expect(documentsOf(text)).toEqual([text]);
  });

  it("leaves out what is only comments", () => {
    expect(documentsOf("# nothing\n\n")).toEqual([]);
    expect(documentsOf("")).toEqual([]);
    expect(documentsOf("---\n--- # nothing\n...\n---\na: 1\n---\n")).toEqual(["---\na: 1\n"]);
  });

  it("keeps a directive after a marker, which is a mistake, for the parser to tell", () => {
    expect(documentsOf("---\n%YAML 1.1\n")).toEqual(["---\n%YAML 1.1\n"]);
  });

  it("takes a byte order mark before a marker as part of it", () => {
    expect(documentsOf("\uFEFF---\na: 1\n\uFEFF---\nb: 2")).toEqual(["\uFEFF---\na: 1\n", "\uFEFF---\nb: 2"]);
  });

  it("takes time in proportion to the text for many blank lines", () => {
    expect(documentsOf(`${"\n".repeat(200_000)}a: 1\n---\nb: 2`)).toHaveLength(2);
  });
});
