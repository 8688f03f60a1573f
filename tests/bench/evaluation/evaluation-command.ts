import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Context, UsageError } from "../context.ts";
import type { BenchInput } from "../generate/bench-input.ts";
import { generateCluster } from "../generate/generate-cluster.ts";
import { manifestFiles } from "../generate/manifests.ts";
import { writeManifests } from "../generate/write-manifests.ts";
import { inputOptions, inputText, inputsOf } from "../input-options.ts";
import { inScratch } from "../measure/in-scratch.ts";
import { jsonOf } from "../measure/json-of.ts";
import { type MeasuredRun, measuredRun } from "../measure/measured-run.ts";
import { beginReport, reportOptions } from "../output/report.ts";
import type { MeasuredEvaluation, MeasuredReading } from "./evaluation-results.ts";
import { type EvaluationRow, type ReadingRow, evaluationTables } from "./evaluation-tables.ts";

const options = {
  ...inputOptions,
  profile: { type: "string", multiple: true },
  rounds: { type: "string" },
  ...reportOptions,
} as const;

/** Ways to run Node that take away one cost each. */
const ways: Readonly<Record<string, readonly string[]>> = {
  "as it is": [],
  "compiled before": ["--no-lazy"],
  "never optimised": ["--no-opt"],
  "64 MB young generation": ["--min-semi-space-size=64", "--max-semi-space-size=64"],
};

/** The last of so many in one process are as fast as they get. */
const times = 20;
const threads = [0, 1, 2];
const limits = { timeMs: 300_000, memoryBytes: 12 * 2 ** 30 };

/** `evaluation`: what of a map's evaluation is work and what is code that runs for the first time; and reading in threads. */
export async function evaluationCommand(args: readonly string[], context: Context): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  const report = beginReport("evaluation", args, values, context);
  const rounds = Math.ceil(Number(values.rounds ?? "5"));
  if (!(rounds >= 1)) throw new UsageError(`--rounds is a number from 1 on, not "${values.rounds}"`);
  const evaluations: EvaluationRow[] = [];
  const readings: ReadingRow[] = [];
  for (const input of inputsOf(values.profile ?? ["1k/500", "10k/2k"], values, ["pods"])) {
    const measured = await inScratch((scratch) => measure(input, join(scratch, "manifests"), rounds, context));
    evaluations.push(...measured.evaluations);
    readings.push(...measured.readings);
  }
  report({ results: { evaluations, readings }, tables: evaluationTables(evaluations, readings) });
  return 0;
}

/** All ways by turns, so that a machine that gets slower does so for all. */
async function measure(input: BenchInput, folder: string, rounds: number, context: Context) {
  writeManifests(manifestFiles(generateCluster(input), input), folder);
  const evaluations = Object.entries(ways).map(([way, flags]) => ({ input, way, flags, runs: [] as Evaluations[] }));
  const readings = threads.map((count) => ({ input, threads: count, runs: [] as ReadingRow["runs"][number][] }));
  // The first is not counted: it finds files and programs not yet in memory.
  for (let round = 0; round <= rounds; round++) {
    context.say(`${inputText(input)}: ${round === 0 ? "warming up" : `round ${round} of ${rounds}`}`);
    for (const { flags, runs } of evaluations) {
      const { result } = await runProgram<Evaluations>(flags, "measured-evaluation", [folder, `${times}`], context);
      if (round > 0) runs.push(result);
    }
    for (const { threads: count, runs } of readings) {
      const { run, result } = await runProgram<MeasuredReading>([], "measured-threads", [folder, `${count}`], context);
      if (round > 0) runs.push({ ...result, cpuMs: run.cpuMs });
    }
  }
  return { evaluations, readings };
}

type Evaluations = readonly MeasuredEvaluation[];

function runProgram<Result>(
  flags: readonly string[],
  program: string,
  args: readonly string[],
  { node, programs }: Context,
): Promise<{ readonly run: MeasuredRun; readonly result: Result }> {
  const command = [node, ...flags, join(programs, `${program}.mjs`), ...args] as const;
  return measuredRun(command, limits, (run, output) => ({ run, result: jsonOf<Result>(run, output) }));
}
