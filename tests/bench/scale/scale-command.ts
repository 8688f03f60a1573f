import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { lacking as packetsLacking } from "../../system/support/lacking.ts";
import { kubeLacking } from "../../system/support/kube-binaries.ts";
import { type Context, UsageError } from "../context.ts";
import { inputOptions, inputsOf } from "../input-options.ts";
import { machineText, thisMachine } from "../output/machine.ts";
import { recordSection } from "../output/record-section.ts";
import { measureScale } from "./measure-scale.ts";
import type { ScaleRow } from "./scale-row.ts";
import { scaleTables } from "./scale-tables.ts";

const options = {
  ...inputOptions,
  profile: { type: "string", multiple: true },
  changes: { type: "string" },
  seconds: { type: "string" },
  watchers: { type: "string" },
  format: { type: "string" },
  record: { type: "boolean" },
} as const;

/** `scale`: one node's agent beside a real API server that holds a whole cluster, quiet and changing. */
export async function scaleCommand(args: readonly string[], context: Context): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  if (values.format !== undefined && values.format !== "json" && values.format !== "table") {
    throw new UsageError("--format is table or json");
  }
  const lacking = kubeLacking ?? packetsLacking;
  if (lacking !== undefined) {
    context.say(`this machine cannot do it: ${lacking}`);
    return 3;
  }
  const inputs = inputsOf(values.profile ?? ["10k/2k"], values, ["pods"]);
  const scaleOptions = {
    changesPerSecond: whole("--changes", values.changes ?? "20"),
    seconds: whole("--seconds", values.seconds ?? "30"),
    watchers: whole("--watchers", values.watchers ?? "20"),
  };
  const machine = thisMachine();
  const rows: ScaleRow[] = [];
  for (const input of inputs) rows.push(await measureScale(input, scaleOptions, context));
  const command = ["npm run bench -- scale", ...args.filter((arg) => arg !== "--record")].join(" ");
  const report = { command, date: context.today(), machine, rows };
  const text = `\`${command}\`, ${report.date}, on ${machineText(machine)}.\n\n${scaleTables(rows)}\n`;
  context.print(values.format === "json" ? `${JSON.stringify(report, undefined, 2)}\n` : text);
  if (values.record === true) {
    const page = join(context.root, "docs/benchmarks.md");
    writeFileSync(page, recordSection(readFileSync(page, "utf8"), "npm run bench -- scale", text));
    context.say("recorded in docs/benchmarks.md");
  }
  return 0;
}

function whole(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new UsageError(`${option} is a whole number above 0, not "${text}"`);
  return number;
}
