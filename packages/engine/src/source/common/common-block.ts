import type { ScalarNode, SourceNode } from "../source-node.ts";
import { readBlockScalar } from "./common-block-scalar.ts";
import { type Entries, addEntry } from "./common-entry.ts";
import { isFlowAt, isQuoteAt, readFlow } from "./common-flow.ts";
import { readKey, readPlain, readQuoted } from "./common-scalar.ts";
import {
  type Cursor,
  boundPart,
  isDashAt,
  isPartTooLarge,
  maxDepth,
  newline,
  nextLine,
  placesOf,
  rangeOf,
  skipSpaces,
} from "./cursor.ts";

/** The mapping or list that starts at a content line, or after the dash of a list item, in column `indent`. */
export function readBlock(cursor: Cursor, indent: number): SourceNode | undefined {
  if (++cursor.depth > maxDepth) return undefined;
  const node = isDashAt(cursor) ? readItems(cursor, indent) : readEntries(cursor, indent, cursor.at, readKey(cursor));
  cursor.depth--;
  return node;
}

/** The entries of a mapping whose first key is read, so that the cursor is behind its colon. */
function readEntries(
  cursor: Cursor,
  indent: number,
  start: number,
  firstKey: string | undefined,
): SourceNode | undefined {
  const entries: Entries = { list: [], keys: undefined };
  let key = firstKey;
  let keyStart = start;
  for (;;) {
    if (key === undefined) return undefined;
    const keyRange = rangeOf(cursor, keyStart, cursor.at - 1);
    const value = readEntryValue(cursor, indent);
    // What is indented further than the key would belong to a value that has ended.
    if (value === undefined || !addEntry(entries, { key, keyRange, value }) || cursor.indent > indent) return undefined;
    if (cursor.indent < indent) break;
    keyStart = cursor.at;
    key = readKey(cursor);
  }
  return { kind: "mapping", entries: entries.list, range: rangeOf(cursor, start, cursor.tokenEnd) };
}

/** The value of a key; moves on to the next line with content. */
function readEntryValue(cursor: Cursor, indent: number): SourceNode | undefined {
  const emptyAt = cursor.at;
  skipSpaces(cursor);
  if (!isLineEnd(cursor)) return readInline(cursor, indent);
  if (!nextLine(cursor)) return undefined;
  if (cursor.indent > indent) return readBlock(cursor, cursor.indent);
  // A list may stand in its key's column.
  if (cursor.indent === indent && isDashAt(cursor)) return readBlock(cursor, indent);
  return emptyScalar(cursor, emptyAt);
}

function readItems(cursor: Cursor, indent: number): SourceNode | undefined {
  const start = cursor.at;
  const items: SourceNode[] = [];
  const places = placesOf(cursor, start, indent);
  do {
    const place = ++cursor.at;
    if (places !== undefined) boundPart(cursor);
    const item = readItem(cursor, indent);
    if (item === undefined || cursor.indent > indent || isPartTooLarge(cursor)) return undefined;
    if (places === undefined) items.push(item);
    else places.push(place);
  } while (cursor.indent === indent && isDashAt(cursor));
  if (places !== undefined) boundPart(cursor);
  return { kind: "sequence", items, range: rangeOf(cursor, start, cursor.tokenEnd) };
}

/** The item of a dash in column `indent`, which the cursor is behind; moves on to the next line with content. */
export function readItem(cursor: Cursor, indent: number): SourceNode | undefined {
  const afterDash = cursor.at;
  skipSpaces(cursor);
  return isLineEnd(cursor) ? readLaterItem(cursor, indent, afterDash) : readInlineItem(cursor, indent, afterDash);
}

/** An item that starts in its dash's line: a mapping or list in the column where it starts, or one value. */
function readInlineItem(cursor: Cursor, indent: number, afterDash: number): SourceNode | undefined {
  const column = indent + 1 + cursor.at - afterDash;
  if (isDashAt(cursor)) return readBlock(cursor, column);
  if (isFlowAt(cursor) || isQuoteAt(cursor)) return readInline(cursor, indent);
  const start = cursor.at;
  const key = readKey(cursor);
  if (key === undefined) return readInline(cursor, indent);
  if (++cursor.depth > maxDepth) return undefined;
  const node = readEntries(cursor, column, start, key);
  cursor.depth--;
  return node;
}

/** An item that starts in a line after its dash's. */
function readLaterItem(cursor: Cursor, indent: number, emptyAt: number): SourceNode | undefined {
  if (!nextLine(cursor)) return undefined;
  return cursor.indent > indent ? readBlock(cursor, cursor.indent) : emptyScalar(cursor, emptyAt);
}

/** A value in the line of its key or dash, which stands in column `indent`; moves on to the next line with content. */
function readInline(cursor: Cursor, indent: number): SourceNode | undefined {
  const character = cursor.text.charCodeAt(cursor.at);
  if (character === literal || character === folded) return readBlockScalar(cursor, indent);
  const node = isFlowAt(cursor)
    ? readFlow(cursor, indent + 1)
    : isQuoteAt(cursor)
      ? readQuoted(cursor)
      : readPlain(cursor, "block");
  return node !== undefined && nextLine(cursor) ? node : undefined;
}

function emptyScalar(cursor: Cursor, at: number): ScalarNode {
  cursor.tokenEnd = at;
  return { kind: "scalar", value: null, text: "", range: rangeOf(cursor, at, at) };
}

function isLineEnd({ text, at, end }: Cursor): boolean {
  if (at >= end) return true;
  const character = text.charCodeAt(at);
  return character === newline || character === numberSign;
}

const numberSign = 35;
const folded = 62;
const literal = 124;
