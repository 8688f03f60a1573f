import type { MappingEntry, SourceNode } from "../source-node.ts";
import { readPlain, readQuoted } from "./common-scalar.ts";
import { type Entries, addEntry, keyOf } from "./common-entry.ts";
import { type Cursor, boundPart, isPartTooLarge, maxDepth, newline, placesOf, rangeOf, skipSpaces } from "./cursor.ts";

/** A list or mapping in brackets, whose further lines are indented by `indent` at least. JSON is of this form. */
export function readFlow(cursor: Cursor, indent: number): SourceNode | undefined {
  if (++cursor.depth > maxDepth) return undefined;
  const start = cursor.at++;
  const isMapping = cursor.text.charCodeAt(start) === openingBrace;
  const node = isMapping ? readFlowEntries(cursor, start, indent) : readFlowItems(cursor, start, indent);
  cursor.depth--;
  return node;
}

function readFlowItems(cursor: Cursor, start: number, indent: number): SourceNode | undefined {
  const items: SourceNode[] = [];
  const places = placesOf(cursor, start, indent);
  for (;;) {
    if (!skipToToken(cursor, indent)) return undefined;
    if (isAt(cursor, closingBracket)) break;
    const place = cursor.at;
    if (places !== undefined) boundPart(cursor);
    const item = readFlowNode(cursor, indent);
    if (item === undefined || isPartTooLarge(cursor) || !skipToToken(cursor, indent)) return undefined;
    if (places === undefined) items.push(item);
    else places.push(place);
    if (isAt(cursor, closingBracket)) break;
    if (!isAt(cursor, comma)) return undefined;
    cursor.at++;
  }
  cursor.tokenEnd = ++cursor.at;
  if (places !== undefined) boundPart(cursor);
  return { kind: "sequence", items, range: rangeOf(cursor, start, cursor.at) };
}

function readFlowEntries(cursor: Cursor, start: number, indent: number): SourceNode | undefined {
  const entries: Entries = { list: [], keys: undefined };
  for (;;) {
    if (!skipToToken(cursor, indent)) return undefined;
    if (isAt(cursor, closingBrace)) break;
    const entry = readFlowEntry(cursor, indent);
    if (entry === undefined || !addEntry(entries, entry) || !skipToToken(cursor, indent)) return undefined;
    if (isAt(cursor, closingBrace)) break;
    if (!isAt(cursor, comma)) return undefined;
    cursor.at++;
  }
  cursor.tokenEnd = ++cursor.at;
  return { kind: "mapping", entries: entries.list, range: rangeOf(cursor, start, cursor.at) };
}

function readFlowEntry(cursor: Cursor, indent: number): MappingEntry | undefined {
  const key = isQuoteAt(cursor) ? readQuoted(cursor) : readPlain(cursor, "flow");
  const name = key && keyOf(key);
  if (key === undefined || name === undefined) return undefined;
  skipSpaces(cursor);
  if (!isAt(cursor, colon)) return undefined;
  cursor.at++;
  if (!skipToToken(cursor, indent)) return undefined;
  const value = readFlowNode(cursor, indent);
  return value && { key: name, keyRange: key.range, value };
}

/** A value within brackets. */
export function readFlowNode(cursor: Cursor, indent: number): SourceNode | undefined {
  if (isFlowAt(cursor)) return readFlow(cursor, indent);
  return isQuoteAt(cursor) ? readQuoted(cursor) : readPlain(cursor, "flow");
}

/** Moves over spaces and line breaks; false where a line is indented too little, which YAML and Kubernetes take differently. */
function skipToToken(cursor: Cursor, indent: number): boolean {
  skipSpaces(cursor);
  while (isAt(cursor, newline)) {
    const lineStart = ++cursor.at;
    skipSpaces(cursor);
    if (cursor.at - lineStart < indent && !isAt(cursor, newline)) return false;
  }
  return cursor.at < cursor.end;
}

/** Whether a list or mapping in brackets starts here. */
export function isFlowAt(cursor: Cursor): boolean {
  return isAt(cursor, openingBrace) || isAt(cursor, openingBracket);
}

export function isQuoteAt(cursor: Cursor): boolean {
  return isAt(cursor, doubleQuote) || isAt(cursor, singleQuote);
}

function isAt(cursor: Cursor, character: number): boolean {
  return cursor.at < cursor.end && cursor.text.charCodeAt(cursor.at) === character;
}

const doubleQuote = 34;
const singleQuote = 39;
const comma = 44;
const colon = 58;
const openingBracket = 91;
const closingBracket = 93;
const openingBrace = 123;
const closingBrace = 125;
