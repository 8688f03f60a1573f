import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Context, UsageError } from "../context.ts";
import { machineText, thisMachine } from "../output/machine.ts";
import { recordSection } from "../output/record-section.ts";

/** The options of every bench about what is printed, for `parseArgs`. */
export const reportOptions = {
  format: { type: "string" },
  record: { type: "boolean" },
} as const;

export interface ReportValues {
  readonly format?: string;
  readonly record?: boolean;
}

export interface Report {
  /** The bench's name; its section in docs/benchmarks.md has it too. */
  readonly name: string;
  readonly args: readonly string[];
  readonly results: unknown;
  readonly tables: string;
}

/** Looks at the options before the work. */
export function checkReportOptions({ format }: ReportValues): void {
  if (format !== undefined && format !== "json" && format !== "table") {
    throw new UsageError("--format is table or json");
  }
}

/** Prints what was measured, on what and how, and records it where that is asked for. */
export function report({ name, args, results, tables }: Report, values: ReportValues, context: Context): void {
  const machine = thisMachine();
  const command = [`npm run bench -- ${name}`, ...args.filter((arg) => arg !== "--record")].join(" ");
  const date = context.today();
  const text = `\`${command}\`, ${date}, on ${machineText(machine)}.\n\n${tables}\n`;
  context.print(
    values.format === "json" ? `${JSON.stringify({ command, date, machine, results }, undefined, 2)}\n` : text,
  );
  if (values.record !== true) return;
  const page = join(context.root, "docs/benchmarks.md");
  writeFileSync(page, recordSection(readFileSync(page, "utf8"), `npm run bench -- ${name}`, text));
  context.say("recorded in docs/benchmarks.md");
}

/** A whole number above 0. */
export function count(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number <= 0)
    throw new UsageError(`${option} is a whole number above 0, not "${text}"`);
  return number;
}
