import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Context, UsageError } from "../context.ts";
import { writeManifests } from "../generate/write-manifests.ts";
import { inScratch } from "../measure/in-scratch.ts";
import { type MeasuredRun, measuredRun } from "../measure/measured-run.ts";
import { spreadOf } from "../measure/spread.ts";
import { digits, grouped, megabytes, seconds } from "../output/figures.ts";
import { beginReport } from "../output/report.ts";
import { table } from "../output/table.ts";
import { type CheckInput, oneFile, wholeRepository } from "./check-files.ts";

const limits = { timeMs: 120_000, memoryBytes: 8 * 2 ** 30 };

/** `check`: measures the whole process of `podwall check`, on one file and on a repository of 13,000 documents. */
export async function checkCommand(args: readonly string[], context: Context): Promise<number> {
  const options = { rounds: { type: "string" }, record: { type: "boolean" } } as const;
  const { values } = parseArgs({ args: [...args], options });
  const rounds = Number(values.rounds ?? "7");
  if (!(Number.isInteger(rounds) && rounds > 0)) throw new UsageError("--rounds is a whole number above 0");
  const report = beginReport("check", args, values, context);
  const rows: string[][] = [];
  for (const input of [oneFile(), wholeRepository()]) rows.push(await rowOf(input, rounds, context));
  const head = ["input", "documents", "YAML MB", "rounds", "wall s", "CPU s", "peak MB"];
  report({ results: {}, tables: table(head, rows) });
  return 0;
}

function rowOf({ name, files, documents }: CheckInput, rounds: number, context: Context): Promise<string[]> {
  return inScratch(async (folder) => {
    const bytes = writeManifests(files, folder);
    context.say(`${name}: warming up`);
    await checkOnce(folder, context);
    const runs: MeasuredRun[] = [];
    for (let round = 1; round <= rounds; round++) {
      context.say(`${name}: round ${round} of ${rounds}`);
      runs.push(await checkOnce(folder, context));
    }
    return [
      name,
      grouped(documents),
      digits(bytes / 1e6),
      `${rounds}`,
      seconds(spreadOf(runs.map(({ wallMs }) => wallMs))),
      seconds(spreadOf(runs.map(({ cpuMs }) => cpuMs))),
      megabytes(spreadOf(runs.map(({ peakBytes }) => peakBytes)).median),
    ];
  });
}

/** One process from its start to its end. Findings are an answer like any other; everything else is a fault. */
function checkOnce(folder: string, { node, programs }: Context): Promise<MeasuredRun> {
  return measuredRun([node, join(programs, "podwall.mjs"), "check", folder], limits, (run, { stderr }) => {
    const { ended } = run;
    if (ended.kind === "exited" && ended.code <= 1) return run;
    const how = ended.kind === "stopped" ? ended.reason : `exit code ${ended.code}`;
    throw new Error(`podwall check did not end well: ${how}\n${readFileSync(stderr, "utf8").slice(-2000)}`);
  });
}
