import type { BenchInput } from "../generate/bench-input.ts";
import { inputText } from "../input-options.ts";
import { spreadOf } from "../measure/spread.ts";
import { digits, grouped, megabytes } from "../output/figures.ts";
import { table } from "../output/table.ts";
import type { MeasuredEvaluation, MeasuredReading } from "./evaluation-results.ts";

/** One way to run Node: of each round all evaluations of one process, at least two. */
export interface EvaluationRow {
  readonly input: BenchInput;
  readonly way: string;
  readonly flags: readonly string[];
  readonly runs: readonly (readonly MeasuredEvaluation[])[];
}

export interface ReadingRow {
  readonly input: BenchInput;
  /** Beside the main thread, which reads where there is none. */
  readonly threads: number;
  /** `cpuMs` is what the whole process used, from its start to its end. */
  readonly runs: readonly (MeasuredReading & { readonly cpuMs: number })[];
}

/** All that `evaluation` prints for people, as Markdown. */
export function evaluationTables(evaluations: readonly EvaluationRow[], readings: readonly ReadingRow[]): string {
  return `One evaluation after the other in one process, in milliseconds that the main thread ran (medians over rounds):

${evaluationTable(evaluations)}

Reading and decoding in threads, until the main thread has all objects (medians over rounds):

${readingTable(readings)}`;
}

function evaluationTable(rows: readonly EvaluationRow[]): string {
  const head = ["input", "Node", "rounds", "first", "its rules", "its pairs", "its GC", "second", "least of all"];
  const body = rows.map(({ input, way, flags, runs }) => {
    const median = (figure: (run: readonly MeasuredEvaluation[]) => number): string =>
      digits(spreadOf(runs.map(figure)).median);
    return [
      inputText(input),
      flags.length === 0 ? way : `${way}: \`${flags.join(" ")}\``,
      `${runs.length}`,
      median((run) => allOf(run[0])),
      median((run) => run[0]?.rulesMs ?? 0),
      median((run) => run[0]?.pairsMs ?? 0),
      median((run) => run[0]?.collectionMs ?? 0),
      median((run) => allOf(run[1])),
      median((run) => Math.min(...run.map(allOf))),
    ];
  });
  return table(head, body);
}

function allOf(evaluation: MeasuredEvaluation | undefined): number {
  return evaluation === undefined ? 0 : evaluation.rulesMs + evaluation.pairsMs;
}

function readingTable(rows: readonly ReadingRow[]): string {
  const head = [
    "input",
    "objects",
    "threads",
    "rounds",
    "wall ms",
    "main thread's CPU ms",
    "process's CPU ms",
    "peak MB",
  ];
  const body = rows.map(({ input, threads, runs }) => {
    const median = (figure: (run: ReadingRow["runs"][number]) => number): number => spreadOf(runs.map(figure)).median;
    return [
      inputText(input),
      grouped(runs[0]?.objects ?? 0),
      threads === 0 ? "the main one" : `${threads} beside it`,
      `${runs.length}`,
      digits(median(({ wallMs }) => wallMs)),
      digits(median(({ mainMs }) => mainMs)),
      digits(median(({ cpuMs }) => cpuMs)),
      megabytes(median(({ peakBytes }) => peakBytes)),
    ];
  });
  return table(head, body);
}
