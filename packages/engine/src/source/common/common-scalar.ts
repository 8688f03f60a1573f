import { resolvePlain } from "../plain-scalar.ts";
import type { ScalarNode } from "../source-node.ts";
import { scalarText } from "../yaml-events.ts";
import { type Cursor, isBlankAt, newline, rangeOf, space, tab } from "./cursor.ts";
import { mix } from "./text-pool.ts";

export type PlainContext = "block" | "flow";

/** A plain scalar of one line. Whether the next line goes on with it is the caller's to see from its indentation. */
export function readPlain(cursor: Cursor, context: PlainContext): ScalarNode | undefined {
  const { text, end: limit } = cursor;
  const start = cursor.at;
  const stops = context === "flow" ? flowStops : blockStops;
  if (!startsPlain(cursor, stops)) return undefined;
  let at = start;
  let end = start;
  let mixed = 0;
  let hash = 0;
  for (; at < limit; at++) {
    const character = text.charCodeAt(at);
    if (character < stops.length ? stops[character] === 1 : !isPrintable(character)) {
      if (character === newline) break;
      if (character === colon) {
        const ends = isBlankAt(cursor, at + 1) || (context === "flow" && flowIndicators.has(text.charCodeAt(at + 1)));
        if (ends && context === "block") return undefined;
        if (ends) break;
      } else if (character === numberSign) {
        if (text.charCodeAt(at - 1) === space) break;
      } else if (flowIndicators.has(character)) break;
      else return undefined;
    }
    mixed = mix(mixed, character);
    if (character !== space) {
      end = at + 1;
      hash = mixed;
    }
  }
  cursor.at = at;
  cursor.tokenEnd = end;
  const plain = cursor.pool.take(text, start, end, hash);
  return { kind: "scalar", value: resolvePlain(plain), text: plain, range: rangeOf(cursor, start, end) };
}

/**
 * The key of a block mapping: a word followed by a colon, behind which the cursor is moved. Anything else leaves the
 * cursor where it is.
 */
export function readKey(cursor: Cursor): string | undefined {
  const { text, at: start, end: limit } = cursor;
  let hash = 0;
  for (let at = start; at < limit; at++) {
    const character = text.charCodeAt(at);
    if (character >= keyCharacters.length || keyCharacters[character] === 0) {
      if (character !== colon || at === start || !isBlankAt(cursor, at + 1)) return undefined;
      const first = text.charCodeAt(start);
      if (first === dash || first === dot) return undefined;
      const key = cursor.pool.take(text, start, at, hash);
      if (resolvePlain(key) !== key) return undefined;
      cursor.at = at + 1;
      return key;
    }
    hash = mix(hash, character);
  }
  return undefined;
}

/** A quoted scalar of one line. */
export function readQuoted(cursor: Cursor): ScalarNode | undefined {
  const { text, end: limit } = cursor;
  const start = cursor.at;
  const quote = text.charCodeAt(start);
  let simple = true;
  let hash = 0;
  for (let at = start + 1; at < limit; at++) {
    const character = text.charCodeAt(at);
    if (character === quote) {
      if (quote === doubleQuote || text.charCodeAt(at + 1) !== quote || at + 1 === limit) {
        cursor.at = cursor.tokenEnd = at + 1;
        const value = simple
          ? cursor.pool.take(text, start + 1, at, hash)
          : scalarText(text, start + 1, at, quote === doubleQuote ? "DOUBLE_QUOTED" : "SINGLE_QUOTED");
        return { kind: "scalar", value, text: value, range: rangeOf(cursor, start, at + 1) };
      }
      simple = false;
      at++;
    } else if (character === backslash && quote === doubleQuote) {
      const length = escapeLength(text, at + 1);
      if (length === 0) return undefined;
      simple = false;
      at += length;
    } else if (character < space && character !== tab) return undefined;
    hash = mix(hash, character);
  }
  return undefined;
}

/** How many characters follow a backslash as its escape; 0 where it is none of the common ones. */
function escapeLength(text: string, at: number): number {
  const character = text.charAt(at);
  if (character !== "" && '0abtnvfre "/\\N_LP'.includes(character)) return 1;
  const digits = character === "x" ? 2 : character === "u" ? 4 : 0;
  for (let index = 1; index <= digits; index++) {
    if (!/[0-9a-fA-F]/.test(text.charAt(at + index))) return 0;
  }
  return digits === 0 ? 0 : digits + 1;
}

/** Whether a plain scalar starts here. Those that start with `?` or `:` are not of the common form. */
function startsPlain(cursor: Cursor, stops: Uint8Array): boolean {
  const { text, at, end } = cursor;
  if (at >= end) return false;
  const first = text.charCodeAt(at);
  if (first === dash) {
    return !isBlankAt(cursor, at + 1) && !(stops === flowStops && flowIndicators.has(text.charCodeAt(at + 1)));
  }
  // A document's end mark, where it stands at the start of a line.
  if (first === dot && text.startsWith("...", at)) return false;
  return first < notFirst.length ? notFirst[first] === 0 : isPrintable(first);
}

/** Of the characters that are not ASCII, those that are certain to be text; others may be refused or mean a mark. */
export function isPrintable(character: number): boolean {
  return character >= 0xa0 && character < 0xd800;
}

/** Which ASCII characters are meant: those given, and where asked for the control characters. */
function table(characters: string, controls: 0 | 1): Uint8Array {
  const marked = new Uint8Array(128).fill(controls, 0, space);
  marked[127] = controls;
  for (const character of characters) marked[character.charCodeAt(0)] = 1;
  return marked;
}

/** What a plain scalar does not simply go on through. */
const blockStops = table("\n:#", 1);
const flowStops = table("\n:#,[]{}", 1);
const notFirst = table(" ?:#&*!|>'\"%@`,[]{}", 1);
const keyCharacters = table("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_/.-", 0);
const flowIndicators: ReadonlySet<number> = new Set([..."[]{},"].map((character) => character.charCodeAt(0)));

const doubleQuote = 34;
const numberSign = 35;
const dash = 45;
const dot = 46;
const colon = 58;
const backslash = 92;
