/** Where one document of a YAML stream is written; `end` is exclusive. */
export interface DocumentSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * Splits a stream at its document markers. A `---` or `...` at the start of a line, followed by white space, is a
 * marker wherever it stands, block scalars and quoted text included (YAML 1.2.2, 9.1.2 `c-forbidden`), so no parsing
 * is needed. Directives and comments belong to the document after them; documents of only a marker or comments are
 * left out, as they hold nothing.
 */
export function* splitDocuments(text: string): Generator<DocumentSpan, void, undefined> {
  let start = 0;
  /** Where the content after the document's marker starts. */
  let content = 0;
  for (const match of text.matchAll(/(?<![^\r\n])\uFEFF?(---|\.\.\.)(?=[ \t\r\n]|$)/g)) {
    const isStart = match[1] === "---";
    const isBlank = isEmpty(text, content, match.index, content > start);
    const end = isStart ? match.index : lineEnd(text, match.index);
    if (!isBlank) yield { start, end };
    // What stands before a marker and is no document belongs to the document that the marker starts.
    if (!isStart || !isBlank || content > start) start = end;
    content = isStart ? match.index + match[0].length : end;
  }
  if (!isEmpty(text, content, text.length, content > start)) yield { start, end: text.length };
}

/** Whether a stretch holds only blank lines and comments, and directives where no marker is before it. */
function isEmpty(text: string, start: number, end: number, isMarked: boolean): boolean {
  const line = isMarked
    ? /\uFEFF?[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n|$)/y
    : /\uFEFF?(?:%[^\r\n]*|[ \t]*(?:#[^\r\n]*)?)(?:\r\n?|\n|$)/y;
  for (let at = start; at < end; at = line.lastIndex) {
    line.lastIndex = at;
    if (!line.test(text)) return false;
  }
  return true;
}

function lineEnd(text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  return newline < 0 ? text.length : newline + 1;
}
