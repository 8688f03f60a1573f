import { type SourceRange, positionAt } from "@podwall/engine";
import { printable } from "../printable.ts";

/** What a workflow command of GitHub Actions says: an annotation of a file. */
export interface Annotation {
  readonly level: "error" | "warning" | "notice";
  readonly title: string;
  readonly message: string;
  readonly range?: SourceRange | undefined;
}

/**
 * `::error file=a.yaml,line=1,col=3,endColumn=7,title=PW2004::message`. Columns are given where the place is on one line, as
 * GitHub takes them only there. What is escaped is what the runner's `ActionCommand` takes back.
 */
export function githubCommand({ level, title, message, range }: Annotation): string {
  const properties = [...placeOf(range), ["title", title] as const];
  const written = properties.map(([name, value]) => `${name}=${property(`${value}`)}`).join(",");
  return `::${level} ${written}::${data(printableLines(message))}`;
}

/** A line of the log that is no command, whatever is in it: the runner looks for the old `##[` anywhere in a line. */
export function githubLine(text: string): string {
  return text.replaceAll("##[", "## [").replace(/^(\s*):(?=:)/, "$1: ");
}

function placeOf(range: SourceRange | undefined): (readonly [string, string | number])[] {
  if (range === undefined) return [];
  const { file } = range;
  const start = positionAt(file, range.start);
  const end = positionAt(file, Math.max(range.start, range.end - 1));
  const lines = [["file", file.name] as const, ["line", start.line] as const, ["endLine", end.line] as const];
  if (start.line !== end.line) return lines;
  return [...lines, ["col", start.column] as const, ["endColumn", end.column] as const];
}

function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
