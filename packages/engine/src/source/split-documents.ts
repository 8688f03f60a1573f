/** Where one document of a YAML stream is written; `end` is exclusive. */
export interface DocumentSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * Splits a stream at its document markers. A `---` or `...` at the start of a line, followed by white space, is a
 * marker wherever it stands, block scalars and quoted text included (YAML 1.2.2, 9.1.2 `c-forbidden`), so no parsing
 * is needed. Directives and comments belong to the document after them; stretches of only comments are left out.
 */
export function splitDocuments(text: string): readonly DocumentSpan[] {
  const spans: DocumentSpan[] = [];
  let start = 0;
  let marked = false;
  const close = (end: number): void => {
    if (marked || !isPrefix(text, start, end)) spans.push({ start, end });
    start = end;
    marked = false;
  };
  for (const match of text.matchAll(/(?<![^\r\n])\uFEFF?(---|\.\.\.)(?=[ \t\r\n]|$)/g)) {
    if (match[1] === "---") {
      if (marked || !isPrefix(text, start, match.index)) close(match.index);
      marked = true;
    } else {
      close(lineEnd(text, match.index));
    }
  }
  close(text.length);
  return spans;
}

/** Whether a stretch holds only blank lines, comments and directives. */
function isPrefix(text: string, start: number, end: number): boolean {
  const line = /\uFEFF?(?:%[^\r\n]*|[ \t]*(?:#[^\r\n]*)?)(?:\r\n?|\n|$)/y;
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
