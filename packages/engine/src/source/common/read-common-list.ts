import type { SourceFile } from "../source-file.ts";
import type { MappingNode, SequenceNode, SourceNode } from "../source-node.ts";
import type { DocumentSpan } from "../split-documents.ts";
import { readItem } from "./common-block.ts";
import { readFlowNode } from "./common-flow.ts";
import type { Cursor, ItemPlaces } from "./cursor.ts";
import { cursorAt, readDocument } from "./read-common-tree.ts";
import type { TextPool } from "./text-pool.ts";

/**
 * Reads a list such as `kubectl get --output yaml` gives, of the common form, as one list for each item: what the
 * document means is the same, and only one item's tree at a time needs memory. Undefined for any other document.
 * The text is read twice, since only at its end is it known that nothing is wrong with it.
 */
export function readCommonList(file: SourceFile, span: DocumentSpan, pool: TextPool): Iterable<SourceNode> | undefined {
  const places: ItemPlaces = { list: undefined, several: false, indent: 0, offsets: [], end: span.end };
  const root = readDocument(cursorAt(file, span, pool, places));
  if (root?.kind !== "mapping" || places.several || !isListKind(root)) return undefined;
  if (root.entries.length > maxFields) return undefined;
  const list = root.entries.find(({ key }) => key === "items")?.value;
  if (list?.kind !== "sequence" || list.range.start !== places.list) return undefined;
  return pieces(root, list, cursorAt(file, span, pool), places);
}

/** A list has four fields. Each piece has a copy of them, so more would cost more than pieces save. */
const maxFields = 16;

function isListKind({ entries }: MappingNode): boolean {
  const kind = entries.find(({ key }) => key === "kind")?.value;
  return kind?.kind === "scalar" && typeof kind.value === "string" && kind.value.endsWith("List");
}

function* pieces(
  root: MappingNode,
  list: SequenceNode,
  cursor: Cursor,
  { indent, offsets }: ItemPlaces,
): Generator<SourceNode, void, undefined> {
  const isFlow = cursor.text.startsWith("[", list.range.start);
  for (const offset of offsets) {
    cursor.at = offset;
    const item = isFlow ? readFlowNode(cursor, indent) : readItem(cursor, indent);
    if (item === undefined) throw new Error("a list item cannot be read that could be read before");
    const value = { ...list, items: [item] };
    yield { ...root, entries: root.entries.map((entry) => (entry.value === list ? { ...entry, value } : entry)) };
  }
}
