import { type SourceFile, type SourceRange } from "../../source/source-file.ts";

/** The document that a range is in: where it starts and ends in its file. */
export function documentOf({ file, start }: SourceRange): { readonly start: number; readonly end: number } {
  const { text } = file;
  const marker = /^---(?=\s|$)/gm;
  const bounds = { start: 0, end: text.length };
  // Looked for around the range, since a file may hold thousands of documents.
  const before = lastMarker(text, start);
  if (before !== undefined) bounds.start = before;
  marker.lastIndex = start;
  const after = marker.exec(text);
  if (after !== null) bounds.end = after.index;
  return bounds;
}

function lastMarker(text: string, from: number): number | undefined {
  for (let at = text.lastIndexOf("---", from); at >= 0; at = at === 0 ? -1 : text.lastIndexOf("---", at - 1)) {
    const isAtLineStart = at === 0 || text[at - 1] === "\n";
    if (isAtLineStart && /\s/.test(text[at + 3] ?? " ")) return at;
  }
  return undefined;
}

/** A part of a file as a text of its own. */
export function partOf(file: SourceFile, { start, end }: { readonly start: number; readonly end: number }): SourceFile {
  return { ...file, text: file.text.slice(start, end) };
}
