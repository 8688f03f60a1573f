import { type Diagnostic, type SourceRange, formatRange, positionAt } from "@podwall/engine";
import { printable } from "./printable.ts";
import type { Style } from "./style.ts";

/** Columns of a source line that are shown at most. */
const widest = 120;

/** One diagnostic: `file:line:column: error PW2003: message`, the line it is about with the place marked, and what to write. */
export function diagnosticText(diagnostic: Diagnostic, style: Style): string {
  const { code, severity, message, range, help, why, related = [] } = diagnostic;
  const paint = { error: style.bad, warning: style.warn, info: style.dim }[severity];
  const where = range === undefined ? "" : `${style.bold(printable(formatRange(range)))}: `;
  return [
    `${where}${paint(`${severity} ${code}`)}: ${printable(message)}`,
    ...(range === undefined ? [] : excerpt(range, style)),
    ...related.map((other) => `  ${printable(formatRange(other.range))}: ${printable(other.message)}`),
    ...(help === undefined ? [] : [`  ${style.bold("help")}: ${printable(help)}`]),
    ...(why === undefined ? [] : [`  ${style.bold("why")}: ${printable(why)} See docs/diagnostics/${code}.md`]),
  ].join("\n");
}

function excerpt(range: SourceRange, style: Style): string[] {
  const { file, start, end } = range;
  const { line, column } = positionAt(file, start);
  if (column > widest) return [];
  const lineStart = start - column + 1;
  // No more than is shown: a line may be as long as its file.
  const [beginning = ""] = file.text.slice(lineStart, lineStart + widest).split("\n", 1);
  const shown = beginning.replace(/\r$/, "");
  if (shown.trim() === "") return [];
  const number = `${line}`;
  const gutter = " ".repeat(number.length);
  const before = visible(shown.slice(0, column - 1));
  const marked = visible(shown.slice(column - 1, Math.max(end, start + 1) - lineStart));
  // Tabs stay tabs, so that the mark stands under what it marks.
  const indent = before.replaceAll(/[^\t]/g, " ");
  return [
    `  ${style.dim(`${number} |`)} ${visible(shown)}`,
    `  ${style.dim(`${gutter} |`)} ${indent}${style.bad("^".repeat(Math.max(1, marked.length)))}`,
  ];
}

/** Printable, but for tabs. */
function visible(text: string): string {
  return text.split("\t").map(printable).join("\t");
}
