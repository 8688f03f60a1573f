import { parseArgs } from "node:util";
import { type Context, UsageError } from "../context.ts";
import { inputOptions, inputText, inputsOf } from "../input-options.ts";
import { digits, grouped, megabytes, seconds } from "../output/figures.ts";
import { beginReport, reportOptions } from "../output/report.ts";
import { table } from "../output/table.ts";
import { phases } from "./compare.ts";
import { type DiffRow, measureDiff } from "./measure-diff.ts";

const options = {
  ...inputOptions,
  profile: { type: "string", multiple: true },
  rounds: { type: "string" },
  ...reportOptions,
} as const;

/** How many policies are others in the second state. */
const policies = 10;

/** `diff`: measures and checks the comparison of two states. Gives the exit code: 1 where the reference differs. */
export async function diffCommand(args: readonly string[], context: Context): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  const report = beginReport("diff", args, values, context);
  const rounds = Number(values.rounds ?? "5");
  if (!(rounds >= 1)) throw new UsageError(`--rounds is a number from 1 on, not "${values.rounds}"`);
  const rows: DiffRow[] = [];
  for (const input of inputsOf(values.profile ?? ["1k/500", "10k/2k"], values, ["pods"])) {
    const limits = { timeMs: 300_000, memoryBytes: 12 * 2 ** 30 };
    rows.push(await measureDiff(input, context, { rounds: Math.ceil(rounds), limits, policies }));
  }
  report({ results: { policies, rows }, tables: diffTables(rows) });
  return complain(rows, context);
}

function diffTables(rows: readonly DiffRow[]): string {
  const whole = table(
    ["input", "rounds", "wall s", "CPU s", "peak MB", ...phases.map((phase) => `${phase} ms`)],
    rows.map(({ input, rounds, wallMs, cpuMs, peakBytes, phaseMs }) => [
      inputText(input),
      `${rounds}`,
      seconds(wallMs),
      seconds(cpuMs),
      megabytes(peakBytes.median),
      ...phases.map((phase) => digits(phaseMs[phase].median)),
    ]),
  );
  const found = table(
    ["input", "blocks", "changed pod pairs", "compared (changed)", "different"],
    rows.map(({ input, diff, checked }) => [
      inputText(input),
      grouped(diff.blocks),
      grouped(diff.podPairs),
      `${grouped(checked.checkedPairs)} (${grouped(checked.checkedChanged)})`,
      `${checked.differences.length}`,
    ]),
  );
  return `Whole process, from two folders of manifests that differ in ${policies} policies to all that changes:\n\n${whole}\n\nWhat came out:\n\n${found}`;
}

function complain(rows: readonly DiffRow[], { say }: Context): number {
  const complaints = rows.flatMap(({ input, diff, checked }) => [
    ...checked.differences.slice(0, 10).map((difference) => `${inputText(input)}: DIFFERENT: ${difference}`),
    ...(diff.podPairs === checked.podPairs ? [] : [`${inputText(input)}: DIFFERENT: two processes found other pairs`]),
  ]);
  for (const complaint of complaints) say(complaint);
  return complaints.length === 0 ? 0 : 1;
}
