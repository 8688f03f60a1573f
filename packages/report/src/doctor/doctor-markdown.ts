import { markdownRow, markdownText } from "../escape/markdown-text.ts";
import { type DoctorReport, doctorFacts, doctorSummary } from "./doctor-report.ts";

/** A table to hand to whoever made the network plugin. */
export function doctorMarkdown(report: DoctorReport): string {
  const rows = report.rows.map(({ title, says, seen, verdict, reference }) =>
    markdownRow([title, verdict, says, seen, reference].map(markdownText)),
  );
  return [
    "### podwall doctor",
    "",
    `${doctorSummary(report)}.`,
    "",
    ...doctorFacts(report).map(([name, value]) => `- ${name}: ${markdownText(value)}`),
    "",
    markdownRow(["what", "verdict", "what the API says", "what was seen", "where it says so"]),
    markdownRow(["---", "---", "---", "---", "---"]),
    ...rows,
    "",
  ].join("\n");
}
