import { printable } from "../printable.ts";
import type { Style } from "../style.ts";
import { type DoctorReport, type DoctorRow, doctorFacts, doctorSummary } from "./doctor-report.ts";

/** For a terminal: a line for each row, and for what is not as the API says, what it says and where. */
export function doctorText(report: DoctorReport, style: Style): string {
  const width = Math.max(...report.rows.map(({ title }) => title.length));
  const lines = report.rows.flatMap((row) => [
    `${verdictWord(row.verdict, style)}  ${row.title.padEnd(width)}  ${printable(row.seen)}`,
    ...(row.verdict === "not" ? [style.dim(`${" ".repeat(11 + width)}the API: ${row.says} (${row.reference})`)] : []),
  ]);
  const facts = doctorFacts(report).map(([name, value]) => style.dim(`${name}: ${printable(value)}`));
  return [...facts, "", ...lines, "", doctorSummary(report), ""].join("\n");
}

function verdictWord(verdict: DoctorRow["verdict"], style: Style): string {
  const colour = { ok: style.good, not: style.bad, open: style.bold, unknown: style.warn }[verdict];
  return colour(verdict.padEnd(7));
}
