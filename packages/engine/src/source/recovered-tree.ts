import { isAlias, isMap, isScalar, isSeq, type Node } from "yaml";
import { resolvePlain } from "./plain-scalar.ts";
import type { SourceFile, SourceRange } from "./source-file.ts";
import type { MappingEntry, SourceNode } from "./source-node.ts";

/** What could still be made out of a document with syntax errors; good for telling what it is about, no more. */
export function recoveredTree(file: SourceFile, base: number, node: Node | null): SourceNode | undefined {
  return node === null ? undefined : convert({ file, base }, node, 0);
}

interface Context {
  readonly file: SourceFile;
  readonly base: number;
}

const maxDepth = 100;

function convert(context: Context, node: Node, depth: number): SourceNode | undefined {
  if (depth > maxDepth || isAlias(node)) return undefined;
  const range = rangeOf(context, node);
  if (isScalar(node)) {
    const text = node.source ?? "";
    return { kind: "scalar", text, value: node.type === "PLAIN" ? resolvePlain(text) : text, range };
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => convert(context, item as Node, depth + 1));
    return { kind: "sequence", items: items.filter((item) => item !== undefined), range };
  }
  if (!isMap(node)) return undefined;
  const entries = new Map<string, MappingEntry>();
  for (const pair of node.items) {
    if (!isScalar(pair.key) || typeof pair.key.source !== "string" || pair.value === null) continue;
    const value = convert(context, pair.value as Node, depth + 1);
    const key = pair.key.source;
    if (value !== undefined) entries.set(key, { key, keyRange: rangeOf(context, pair.key), value });
  }
  return { kind: "mapping", entries: [...entries.values()], range };
}

function rangeOf({ file, base }: Context, node: Node): SourceRange {
  const [start, end] = node.range ?? [0, 0];
  return { file, start: base + start, end: base + end };
}
