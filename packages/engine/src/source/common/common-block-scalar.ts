import type { ScalarNode } from "../source-node.ts";
import { scalarText } from "../yaml-events.ts";
import { isPrintable } from "./common-scalar.ts";
import { type Cursor, newline, rangeOf, skipSpaces, space, tab, toContent } from "./cursor.ts";

/**
 * A block scalar without an indentation indicator that has text, and no spaces in blank lines before it.
 * Moves on to the next line with content.
 */
export function readBlockScalar(cursor: Cursor, parentIndent: number): ScalarNode | undefined {
  const { text } = cursor;
  const style = text[cursor.at] === "|" ? "LITERAL_BLOCK" : "FOLDED_BLOCK";
  cursor.at++;
  const chomping = cursor.at < cursor.end ? chompings.get(text[cursor.at] as string) : undefined;
  if (chomping !== undefined) cursor.at++;
  skipSpaces(cursor);
  if (cursor.at >= cursor.end || text.charCodeAt(cursor.at) !== newline) return undefined;
  const start = ++cursor.at;
  while (cursor.at < cursor.end && text.charCodeAt(cursor.at) === newline) cursor.at++;
  const firstLine = cursor.at;
  skipSpaces(cursor);
  const indent = cursor.at - firstLine;
  if (indent <= parentIndent || cursor.at >= cursor.end || text.charCodeAt(cursor.at) === newline) return undefined;
  const end = readLines(cursor, firstLine, indent);
  if (end === undefined) return undefined;
  cursor.tokenEnd = end;
  const value = scalarText(text, start, end, style, { chomping: chomping ?? "CLIP", indent });
  return toContent(cursor) ? { kind: "scalar", value, text: value, range: rangeOf(cursor, start, end) } : undefined;
}

const chompings: ReadonlyMap<string, "STRIP" | "KEEP"> = new Map([
  ["-", "STRIP"],
  ["+", "KEEP"],
]);

/** The end of the lines that are blank or indented enough. Leaves the cursor there. */
function readLines(cursor: Cursor, firstLine: number, indent: number): number | undefined {
  const { text, end } = cursor;
  let lineStart = firstLine;
  while (lineStart < end) {
    cursor.at = lineStart;
    skipSpaces(cursor);
    if (cursor.at >= end) return undefined;
    const isBlank = text.charCodeAt(cursor.at) === newline;
    if (!isBlank && cursor.at - lineStart < indent) break;
    if (!skipText(cursor)) return undefined;
    lineStart = Math.min(cursor.at + 1, end);
  }
  cursor.at = lineStart;
  return lineStart;
}

/** Moves to the end of the line; false where a character is not certain to be text. */
function skipText(cursor: Cursor): boolean {
  const { text, end } = cursor;
  let { at } = cursor;
  for (; at < end; at++) {
    const character = text.charCodeAt(at);
    if (character === newline) break;
    const isText = character < 127 ? character >= space || character === tab : isPrintable(character);
    if (!isText) return false;
  }
  cursor.at = at;
  return true;
}
