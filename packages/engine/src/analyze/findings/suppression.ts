import type { SourceFile, SourceRange } from "../../source/source-file.ts";

/** Words of an author that findings of some codes are not wanted at a place. */
export interface Suppression {
  /** Codes as written; they may be none that there are. */
  readonly codes: readonly string[];
  /** Empty where none is given. */
  readonly reason: string;
  /** Where it is written. */
  readonly range: SourceRange;
  /** What it is about: findings that start there. */
  readonly about: SourceRange;
}

/** Reads what follows `podwall-ignore`: codes, a colon and the reason. */
export function readSuppression(text: string): Pick<Suppression, "codes" | "reason"> {
  const colon = text.indexOf(":");
  const [list, reason] = colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
  return { codes: list.split(/[\s,]+/).filter((code) => code !== ""), reason: reason.trim() };
}

/** The comments `# podwall-ignore CODE: reason` of a text. */
export function commentSuppressions(file: SourceFile): readonly Suppression[] {
  const found: Suppression[] = [];
  for (let at = file.text.indexOf(word); at >= 0; at = file.text.indexOf(word, at + word.length)) {
    const lineStart = file.text.lastIndexOf("\n", at) + 1;
    const newline = file.text.indexOf("\n", at);
    const lineEnd = newline < 0 ? file.text.length : newline;
    const before = /^(.*?)#\s*$/s.exec(file.text.slice(lineStart, at));
    if (before === null) continue;
    const start = lineStart + (before[1] as string).length;
    const about = (before[1] as string).trim() === "" ? aboutNext(file, lineStart, lineEnd) : blockAt(file, lineStart);
    const rest = file.text.slice(at + word.length, lineEnd).trimEnd();
    found.push({ ...readSuppression(rest), range: { file, start, end: at + word.length + rest.length }, about });
  }
  return found;
}

const word = "podwall-ignore";

/** A comment on a line of its own is about what comes next; before the first line of a document, about all of it. */
function aboutNext(file: SourceFile, lineStart: number, lineEnd: number): SourceRange {
  const { text } = file;
  const next = nextContent(text, lineEnd + 1);
  const separator = /(?:^|\n)---[^\n]*\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*$/;
  const isFirst =
    /^(?:[ \t]*(?:#[^\n]*)?\r?\n)*$/.test(text.slice(0, lineStart)) || separator.test(tail(text, lineStart));
  if (!isFirst) return blockAt(file, next);
  const end = text.indexOf("\n---", lineEnd);
  return { file, start: lineStart, end: end < 0 ? text.length : end };
}

/** As much of the text before a place as comments at the head of a document are long at most. */
function tail(text: string, end: number): string {
  return text.slice(Math.max(0, end - 4000), end);
}

/** Where the next line starts that is neither empty nor a comment. */
function nextContent(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    if (!/^\s*(#|$)/.test(text.slice(at, end))) return at;
    at = end + 1;
  }
  return text.length;
}

/** A line with all that is written below it: what is indented more, and the items of a list that it names. */
function blockAt(file: SourceFile, lineStart: number): SourceRange {
  const { text } = file;
  const head = lineAt(text, lineStart);
  let end = head.end;
  while (end < text.length) {
    const line = lineAt(text, end + 1);
    const isItem = line.indent === head.indent && line.isItem && !head.isItem;
    if (!line.isEmpty && line.indent <= head.indent && !isItem) break;
    end = line.end;
  }
  return { file, start: lineStart, end };
}

interface Line {
  readonly end: number;
  readonly indent: number;
  readonly isItem: boolean;
  readonly isEmpty: boolean;
}

function lineAt(text: string, start: number): Line {
  const newline = text.indexOf("\n", start);
  const end = newline < 0 ? text.length : newline;
  const line = text.slice(start, end);
  const content = line.trimStart();
  const isEmpty = content === "" || content.startsWith("#");
  return { end, indent: line.length - content.length, isItem: /^-(\s|$)/.test(content), isEmpty };
}
