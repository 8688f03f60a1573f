// The API server shows values as Go does, which JavaScript's own functions do not.

/** A text as Go's `%q` writes it: what cannot be printed is escaped. */
export function goQuote(text: string): string {
  if (/^[ !#-[\]-~]*$/.test(text)) return `"${text}"`;
  return `"${text.replaceAll(notAsIs, escaped)}"`;
}

/** A value as Go's `encoding/json` writes it, safe for HTML. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[<>&\u2028\u2029]/g, unicodeEscape);
}

/** Quotes, backslashes, and all that `strconv.IsPrint` refuses: of white space only the plain space is printed. */
const notAsIs = /["\\]|(?! )[\p{C}\p{Z}]/gu;

const short: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\u0007", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
]);

function escaped(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  const hex = point.toString(16);
  if (point < 0x20 || point === 0x7f) return short.get(character) ?? `\\x${hex.padStart(2, "0")}`;
  return short.get(character) ?? (point > 0xffff ? `\\U${hex.padStart(8, "0")}` : unicodeEscape(character));
}

function unicodeEscape(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}
