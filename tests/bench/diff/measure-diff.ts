import { join } from "node:path";
import type { Context } from "../context.ts";
import type { BenchInput } from "../generate/bench-input.ts";
import { generateCluster } from "../generate/generate-cluster.ts";
import { manifestFiles } from "../generate/manifests.ts";
import { writeManifests } from "../generate/write-manifests.ts";
import { inputText } from "../input-options.ts";
import { inScratch } from "../measure/in-scratch.ts";
import { jsonOf } from "../measure/json-of.ts";
import { type Limits, type MeasuredRun, measuredRun } from "../measure/measured-run.ts";
import { type Spread, spreadOf } from "../measure/spread.ts";
import { changePolicies } from "./change-policies.ts";
import { phases } from "./compare.ts";
import type { CheckedDiff, MeasuredDiff } from "./diff-results.ts";

/** What the bench found out about one input. */
export interface DiffRow {
  readonly input: BenchInput;
  readonly rounds: number;
  readonly wallMs: Spread;
  readonly cpuMs: Spread;
  readonly peakBytes: Spread;
  readonly phaseMs: Readonly<Record<(typeof phases)[number], Spread>>;
  readonly diff: Omit<MeasuredDiff, "phaseMs" | "peakBytes">;
  readonly checked: CheckedDiff;
}

export interface MeasureOptions {
  readonly rounds: number;
  readonly limits: Limits;
  /** How many policies differ between the two states. */
  readonly policies: number;
}

/** Compares two states of a generated cluster, each round in a process of its own. */
export function measureDiff(input: BenchInput, context: Context, options: MeasureOptions): Promise<DiffRow> {
  return inScratch((scratch) => measureIn(scratch, input, context, options));
}

async function measureIn(
  scratch: string,
  input: BenchInput,
  { node, programs, say: sayLine }: Context,
  { rounds: wanted, limits, policies }: MeasureOptions,
): Promise<DiffRow> {
  const say = (line: string): void => sayLine(`${inputText(input)}: ${line}`);
  const cluster = generateCluster(input);
  const folders = ["before", "after"].map((name) => join(scratch, name)) as [string, string];
  writeManifests(manifestFiles(cluster, input), folders[0]);
  writeManifests(manifestFiles(changePolicies(cluster, policies), input), folders[1]);
  const round = (): Promise<{ readonly run: MeasuredRun; readonly measured: MeasuredDiff }> =>
    measuredRun([node, join(programs, "measured-diff.mjs"), ...folders], limits, (run, output) => ({
      run,
      measured: jsonOf<MeasuredDiff>(run, output),
    }));
  // Not counted: it finds files and programs not yet in memory.
  say("warming up");
  await round();
  const rounds: Awaited<ReturnType<typeof round>>[] = [];
  for (let number = 1; number <= wanted; number++) {
    say(`round ${number} of ${wanted}`);
    rounds.push(await round());
  }
  say("comparing with the reference evaluator");
  const checked = await measuredRun(
    [node, join(programs, "checked-diff.mjs"), ...folders],
    { ...limits, timeMs: 4 * limits.timeMs },
    jsonOf<CheckedDiff>,
  );
  const spread = (figure: (one: (typeof rounds)[number]) => number): Spread => spreadOf(rounds.map(figure));
  const [first] = rounds;
  if (first === undefined) throw new Error("there was no round");
  const { blocks, podPairs } = first.measured;
  return {
    input,
    rounds: rounds.length,
    wallMs: spread(({ run }) => run.wallMs),
    cpuMs: spread(({ run }) => run.cpuMs),
    peakBytes: spread(({ measured }) => measured.peakBytes),
    phaseMs: Object.fromEntries(
      phases.map((phase) => [phase, spread(({ measured }) => measured.phaseMs[phase])]),
    ) as DiffRow["phaseMs"],
    diff: { blocks, podPairs },
    checked,
  };
}
