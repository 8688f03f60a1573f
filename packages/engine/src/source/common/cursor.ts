import type { SourceFile, SourceRange } from "../source-file.ts";
import type { TextPool } from "./text-pool.ts";

/**
 * Where the reader of the common form is in a document. Readers move it on; one that returns undefined or false has
 * met something that the common form does not have, and nothing more is read.
 */
export interface Cursor {
  readonly file: SourceFile;
  readonly text: string;
  readonly pool: TextPool;
  /** The end of the document, or of what may be read of it. */
  end: number;
  at: number;
  /** The column of the content line that `at` is at the start of, or -1 at the document's end. */
  indent: number;
  /** Where the last token that was read ends. */
  tokenEnd: number;
  depth: number;
  /** Given, the items of a list right under the root are not kept: where they are is written here. */
  readonly places: ItemPlaces | undefined;
}

/** Where the items of a list are that stands right under a document's root. */
export interface ItemPlaces {
  /** Where the list starts; undefined when there is none. */
  list: number | undefined;
  /** There is more than one list, and only the first one's items are here. */
  several: boolean;
  /** The column of the dashes, or what the lines of the list's brackets are indented by. */
  indent: number;
  readonly offsets: number[];
  /** The end of the document. */
  readonly end: number;
}

/**
 * Lets the reader of a list's places come so far and no further, so that the tree of what is not in the list, or of
 * one item, stays small.
 */
export function boundPart(cursor: Cursor): void {
  if (cursor.places !== undefined) cursor.end = Math.min(cursor.at + largestPart, cursor.places.end);
}

/** Whether reading has come to that end before the document's. */
export function isPartTooLarge({ places, at, end }: Cursor): boolean {
  return places !== undefined && at >= end && end < places.end;
}

/** Kubernetes stores no object of more than 1.5 MB of JSON. */
const largestPart = 8_000_000;

/** Where to write the places of the items of the list that starts here, if they are asked for. */
export function placesOf(cursor: Cursor, list: number, indent: number): number[] | undefined {
  const { places } = cursor;
  if (places === undefined || cursor.depth !== rootDepth + 1) return undefined;
  if (places.list !== undefined) {
    places.several = true;
    return [];
  }
  places.list = list;
  places.indent = indent;
  return places.offsets;
}

const rootDepth = 1;

/** Deeper than any manifest; the stack and the other parser's limit are far away. */
export const maxDepth = 64;

/** Moves from the end of a value to the next line with content. Only spaces and a comment may stand between. */
export function nextLine(cursor: Cursor): boolean {
  skipSpaces(cursor);
  if (cursor.at >= cursor.end) return toContent(cursor);
  if (cursor.text.charCodeAt(cursor.at) === hash) {
    if (cursor.text.charCodeAt(cursor.at - 1) !== space) return false;
    if (!skipComment(cursor)) return false;
  }
  if (cursor.at < cursor.end && cursor.text.charCodeAt(cursor.at) !== newline) return false;
  cursor.at++;
  return toContent(cursor);
}

/** Moves from the start of a line to the next content, passing blank lines and comments. */
export function toContent(cursor: Cursor): boolean {
  for (;;) {
    const lineStart = cursor.at;
    skipSpaces(cursor);
    if (cursor.at >= cursor.end) {
      cursor.at = cursor.end;
      cursor.indent = -1;
      return true;
    }
    const character = cursor.text.charCodeAt(cursor.at);
    if (character === hash) {
      if (!skipComment(cursor)) return false;
    } else if (character !== newline) {
      cursor.indent = cursor.at - lineStart;
      return true;
    }
    cursor.at++;
  }
}

/** Moves past spaces; a tab is no space here. */
export function skipSpaces(cursor: Cursor): void {
  const { text, end } = cursor;
  let { at } = cursor;
  while (at < end && text.charCodeAt(at) === space) at++;
  cursor.at = at;
}

/** Whether the character at an offset ends a word: white space of the common form, or the document's end. */
export function isBlankAt({ text, end }: Cursor, at: number): boolean {
  if (at >= end) return true;
  const character = text.charCodeAt(at);
  return character === space || character === newline;
}

/** A list item's dash. */
export function isDashAt(cursor: Cursor): boolean {
  return cursor.text.charCodeAt(cursor.at) === dash && cursor.at < cursor.end && isBlankAt(cursor, cursor.at + 1);
}

export function rangeOf(cursor: Cursor, start: number, end: number): SourceRange {
  return { file: cursor.file, start, end };
}

function skipComment(cursor: Cursor): boolean {
  const { text, end } = cursor;
  let { at } = cursor;
  for (; at < end; at++) {
    const character = text.charCodeAt(at);
    if (character === newline) break;
    if (character < space && character !== tab) return false;
  }
  cursor.at = at;
  return true;
}

export const tab = 9;
export const newline = 10;
export const space = 32;
const hash = 35;
const dash = 45;
