import { type Diagnostic, formatRange } from "@podwall/engine";
import { diagnosticText } from "../diagnostics-text.ts";
import { markdownBlock, markdownRow, markdownText } from "../escape/markdown-text.ts";
import { plainStyle } from "../style.ts";
import { type CheckReport, severityCounts } from "./check-report.ts";

/** So many are shown with their line of source: a comment on GitHub may have 65,536 characters. */
const mostShown = 20;

/** For a job's summary or a review's comment: a table of what was found, and the first of it with the lines it is about. */
export function checkMarkdown({ diagnostics, coverage }: CheckReport): string {
  const counts = severityCounts(diagnostics);
  const summary = `${counts[0]?.toUpperCase()}${counts.slice(1)}. Read: ${markdownText(coverage)}.`;
  return ["### podwall check", "", summary, "", ...(diagnostics.length === 0 ? [] : details(diagnostics))].join("\n");
}

function details(diagnostics: readonly Diagnostic[]): string[] {
  const rows = diagnostics.map(({ code, severity, message, help, range }) =>
    markdownRow([
      severity === "error" ? "**error**" : severity,
      code,
      range === undefined ? "" : markdownText(formatRange(range)),
      `${markdownText(message)}${help === undefined ? "" : `<br>help: ${markdownText(help)}`}`,
    ]),
  );
  const placed = diagnostics.filter(({ range }) => range !== undefined);
  const shown = placed.slice(0, mostShown).map((one) => diagnosticText(one, plainStyle));
  const count = placed.length > shown.length ? `the first ${shown.length} of ${placed.length}` : `${shown.length}`;
  return [
    markdownRow(["", "code", "place", "what"]),
    markdownRow(["---", "---", "---", "---"]),
    ...rows,
    "",
    ...(shown.length === 0
      ? []
      : [
          `<details><summary>With the lines they are about (${count})</summary>`,
          "",
          markdownBlock(shown.flatMap((text) => [...text.split("\n"), ""]).slice(0, -1)),
          "",
          "</details>",
          "",
        ]),
  ];
}
