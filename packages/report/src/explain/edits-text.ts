import { type Edit, type TextEdit, type TurningEdits, positionAt } from "@podwall/engine";
import { counted } from "../counted.ts";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";

/** What would turn an answer: the smallest change as a patch, and the others in a line each. */
export function editsText(candidates: readonly TurningEdits[], wanted: "allow" | "deny", style: Style): string {
  const [best, ...others] = candidates;
  if (best === undefined) return `  to ${wanted} it: no small edit of these manifests does`;
  return [
    `  to ${wanted} it, ${candidates.length > 1 ? "the smallest edit" : "an edit"}: ${summaryOf(best)}`,
    ...best.edits.flatMap((edit) => patchLines(edit, style).map((line) => `    ${line}`)),
    ...others.slice(0, mostOthers).map((other) => `  or: ${summaryOf(other)}`),
  ].join("\n");
}

/** Others than the best that are named. */
const mostOthers = 3;

function summaryOf({ edits, effect }: TurningEdits): string {
  const what = edits.map(({ summary }) => printable(summary)).join(", and ");
  if (effect === undefined) return what;
  const { opened, closed } = effect;
  if (opened + closed === 0) return `${what}; nothing else changes`;
  const parts = [
    ...(opened === 0 ? [] : [`opens ${counted(opened, "other pair")}`]),
    ...(closed === 0 ? [] : [`closes ${counted(closed, "other pair")}`]),
  ];
  return `${what}; it also ${parts.join(" and ")}`;
}

/** The changed lines as a patch shows them, with a line before; or the document to add. */
function patchLines({ changes, added }: Edit, style: Style): string[] {
  return [
    ...changes.flatMap((change) => hunk(change, style)),
    ...(added === undefined ? [] : ["---", ...added.split("\n")].map((line) => style.good(printable(line)))),
  ];
}

function hunk({ file, start, end, text }: TextEdit, style: Style): string[] {
  const first = file.text.lastIndexOf("\n", start - 1) + 1;
  const newline = file.text.indexOf("\n", end);
  const last = newline < 0 ? file.text.length : newline;
  const before = file.text.slice(first, last).split("\n");
  const after = `${file.text.slice(first, start)}${text}${file.text.slice(end, last)}`.split("\n");
  if (Math.max(...before.map(({ length }) => length)) > mostColumns)
    return [...longLineHunk({ file, start, end, text }, style)];
  // Items of a list often begin alike: what is taken away begins where its first line does.
  const most = start === first ? 0 : Math.min(before.length, after.length);
  let same = 0;
  while (same < most && before[same] === after[same]) same++;
  let tail = 0;
  while (tail < before.length - same && tail < after.length - same && before.at(-1 - tail) === after.at(-1 - tail))
    tail++;
  const { line } = positionAt(file, first);
  const above = same > 0 ? before[same - 1] : file.text.slice(file.text.lastIndexOf("\n", first - 2) + 1, first - 1);
  const marked = (mark: string, lines: readonly string[]): string[] => lines.map((one) => `${mark} ${shown(one)}`);
  const context = (text = ""): string[] => (text.trim() === "" ? [] : marked(" ", [text]));
  return [
    style.dim(`${printable(file.name)}:${line + same}`),
    ...context(first + same === 0 ? "" : above),
    ...marked("-", before.slice(same, before.length - tail)).map(style.bad),
    ...marked("+", after.slice(same, after.length - tail)).map(style.good),
    ...context(before.slice(before.length - tail)[0]),
  ];
}

/** Columns that are shown of a line at most; a manifest on one line may be of any length. */
const mostColumns = 200;
const around = 60;

/** What is around the change in a line that is too long to be shown. */
function longLineHunk({ file, start, end, text }: TextEdit, style: Style): readonly string[] {
  const { line, column } = positionAt(file, start);
  const before = shown(file.text.slice(Math.max(0, start - around), start));
  const after = shown(file.text.slice(end, end + around));
  const removed = shown(file.text.slice(start, end));
  return [
    style.dim(`${printable(file.name)}:${line}:${column}`),
    ...(removed === "" ? [] : [style.bad(`- …${before}${removed}${after}…`)]),
    style.good(`+ …${before}${shown(text)}${after}…`),
  ];
}

function shown(line: string): string {
  const text = line.replaceAll(/\s+$/g, (end) => end.replaceAll(/[\r\n]/g, ""));
  return printable(text.length > 2 * mostColumns ? `${text.slice(0, 2 * mostColumns)}…` : text);
}
