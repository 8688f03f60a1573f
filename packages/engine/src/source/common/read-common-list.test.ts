import { describe, expect, it } from "vitest";
import type { SourceNode } from "../source-node.ts";
import { splitDocuments } from "../split-documents.ts";
import { plainValue } from "../testing.ts";
import { readTree } from "../yaml-tree.ts";
import { readCommonList } from "./read-common-list.ts";
import { TextPool } from "./text-pool.ts";

/** The pieces of a text of one document. */
function piecesOf(text: string): readonly SourceNode[] | undefined {
  const [span = { start: 0, end: 0 }] = splitDocuments(text);
  const pieces = readCommonList({ name: "a.yaml", text }, span, new TextPool(text.length));
  return pieces && [...pieces];
}

function itemsOf(root: SourceNode | undefined): readonly SourceNode[] {
  const list = root?.kind === "mapping" ? root.entries.find(({ key }) => key === "items")?.value : undefined;
  return list?.kind === "sequence" ? list.items : [];
}

describe("readCommonList", () => {
  it.each([
    ["in blocks", "kind: List\nitems:\n- a: b\n  c:\n  - d\n-\n  e: f\n-\n- - g\n- h\nmetadata: {}\n"],
    ["in blocks that are indented", "items:\n  - a: b\n\n  # c\n  - d:\n    - e\nkind: PodList\n"],
    ["in JSON", '{\n  "items": [\n    {"a": ["b"]},\n    null, "c", []\n  ],\n  "kind": "List"\n}\n'],
    ["in brackets", "kind: List\nitems: [{a: b}, {c: [d]}]\n"],
  ])("gives a list %s as one list for each item, with the same nodes", (_, text) => {
    const pieces = piecesOf(text) ?? [];
    const tree = readTree({ name: "a.yaml", text }, { start: 0, end: text.length });
    const root = tree.kind === "tree" ? tree.root : undefined;
    expect(pieces.flatMap(itemsOf)).toEqual(itemsOf(root));
    for (const piece of pieces) {
      expect(itemsOf(piece)).toHaveLength(1);
      expect(plainValue(piece)).toEqual({ ...(root && (plainValue(root) as object)), items: expect.any(Array) });
    }
  });

  it.each([
    ["an object that has items and is no list", "kind: ConfigMap\nitems:\n- a: b\n"],
    ["an object with another list", "kind: List\nitems:\n- a: b\nmore:\n- c\n"],
    ["a list under another name", "kind: List\nmore:\n- a: b\n"],
    ["a list whose end is wrong", "kind: List\nitems:\n- a: b\n- c: [\n"],
    ["a list that is not of the common form", "kind: List\nitems:\n- &x a\n- *x\n"],
    ["a list of no kind", "items:\n- a: b\n"],
    [
      "an object of very many fields",
      `${Array.from({ length: 20 }, (_, i) => `k${i}: 1\n`).join("")}kind: List\nitems: [a]\n`,
    ],
    ["a lone list", "- a: b\n"],
  ])("leaves %s", (_, text) => {
    expect(piecesOf(text)).toBeUndefined();
  });
});
