import type { SourceRange } from "./source-file.ts";
import type { SourceNode } from "./source-node.ts";

/** The plain value of a tree, for tests to compare. */
export function plainValue(node: SourceNode): unknown {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "sequence":
      return node.items.map(plainValue);
    case "mapping":
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, plainValue(value)]));
  }
}

/** The text a range stands for. */
export function textOf({ file, start, end }: SourceRange): string {
  return file.text.slice(start, end);
}
