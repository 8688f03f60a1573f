import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { generatedState } from "../agent/generated-state.ts";
import { inNamespace } from "../agent/in-namespace.ts";
import { beginReport, count, reportOptions } from "../output/report.ts";
import type { Context } from "../context.ts";
import { inputOptions, inputText, inputsOf } from "../input-options.ts";
import { inScratch } from "../measure/in-scratch.ts";
import { digits, grouped, megabytes } from "../output/figures.ts";
import { table } from "../output/table.ts";
import type { MeasuredMemory } from "./memory-results.ts";

const options = {
  mix: inputOptions.mix,
  profile: { type: "string", multiple: true },
  events: { type: "string" },
  "idle-seconds": { type: "string" },
  ...reportOptions,
} as const;

interface MemoryRow {
  readonly input: string;
  readonly measured: MeasuredMemory;
}

/** `memory`: measures what an agent holds, and what it does while nothing happens. */
export async function memoryCommand(args: readonly string[], context: Context): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  const report = beginReport("memory", args, values, context);
  const events = count("--events", values.events ?? "200");
  const idle = count("--idle-seconds", values["idle-seconds"] ?? "20");
  const rows: MemoryRow[] = [];
  for (const input of inputsOf(values.profile ?? ["10k/2k", "100k/10k"], values, ["pods"])) {
    const measured = await inScratch((folder) => {
      const file = join(folder, "objects.jsonl");
      const lines = generatedState(input).map((object) => `${JSON.stringify(object)}\n`);
      writeFileSync(file, lines.join(""));
      return inNamespace<MeasuredMemory>("measured-memory", [file, `${events}`, `${idle}`], context);
    });
    rows.push({ input: inputText(input), measured });
  }
  report({ results: { results: rows }, tables: tableOf(rows) });
  return 0;
}

function tableOf(rows: readonly MemoryRow[]): string {
  return [
    "Resident memory of an agent of a node with a hundred pods, in MB, and the CPU that it and its helpers use while nothing happens:",
    "",
    table(
      ["input", "pods", "policies", "in sync", "idle", "after events", "events", "peak", "idle CPU %"],
      rows.map(({ input, measured }) => [
        input,
        grouped(measured.pods),
        grouped(measured.policies),
        megabytes(measured.syncedBytes),
        megabytes(measured.idleBytes),
        megabytes(measured.churnedBytes),
        grouped(measured.events),
        megabytes(measured.peakBytes),
        digits((measured.idleCpuMs / measured.idleMs) * 100),
      ]),
    ),
  ].join("\n");
}
