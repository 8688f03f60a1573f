import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Context, UsageError } from "../context.ts";
import { machineText, thisMachine } from "./machine.ts";
import { processorTime, stolenShare } from "./processor-time.ts";
import { recordSection } from "./record-section.ts";

/** The options of every bench about what is printed, for `parseArgs`. */
export const reportOptions = {
  format: { type: "string" },
  record: { type: "boolean" },
} as const;

interface ReportValues {
  readonly format?: string;
  readonly record?: boolean;
}

/** What a bench measured. */
interface Measured {
  /** What `--format json` has besides how it was measured. */
  readonly results: object;
  readonly tables: string;
  /** Of its section in docs/benchmarks.md, where that is not the bench's name. */
  readonly section?: string;
}

/**
 * To be called before the work: looks at the options, and at how busy the machine is. What it gives prints what was measured,
 * on what and how, and records it where that is asked for.
 */
export function beginReport(
  name: string,
  args: readonly string[],
  values: ReportValues,
  context: Context,
): (measured: Measured) => void {
  if (values.format !== undefined && values.format !== "json" && values.format !== "table") {
    throw new UsageError("--format is table or json");
  }
  const [machine, timeBefore] = [thisMachine(), processorTime()];
  return ({ results, tables, section = name }) => {
    const stolen = stolenShare(timeBefore, processorTime());
    const command = [`npm run bench -- ${name}`, ...args.filter((arg) => arg !== "--record")].join(" ");
    const date = context.today();
    const text = `\`${command}\`, ${date}, on ${machineText(machine)}${stolenText(stolen)}.\n\n${tables}\n`;
    const json = { command, date, machine, stolen, ...results };
    context.print(values.format === "json" ? `${JSON.stringify(json, undefined, 2)}\n` : text);
    if (values.record !== true) return;
    const page = join(context.root, "docs/benchmarks.md");
    writeFileSync(page, recordSection(readFileSync(page, "utf8"), `npm run bench -- ${section}`, text));
    context.say("recorded in docs/benchmarks.md");
  };
}

/** Where others got much of the processors' time, what is slowest says little of podwall. */
function stolenText(share: number | undefined): string {
  return share === undefined ? "" : `, ${(share * 100).toFixed(1)} % of the time stolen by its host`;
}

/** A whole number above 0. */
export function count(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number <= 0)
    throw new UsageError(`${option} is a whole number above 0, not "${text}"`);
  return number;
}
