import type { Verdict } from "@podwall/engine";
import type { Lab } from "../network/lab.ts";
import type { ProbeAnswer } from "../pod/messages.ts";
import { type Cell, orderOf } from "./cell.ts";
import type { CellResult } from "./result.ts";
import { runOrders } from "./run-orders.ts";

export interface PredictedCell {
  readonly cell: Cell;
  readonly verdict: Verdict;
}

/** How long an expected answer may take, and how long when it is asked for again. */
const answerMs = 1_000;
const patientMs = 4_000;
/** How long silence must last to count as denied: at first, and where this machine proves to be too slow for that. */
const silencesMs = [300, 1_000, 3_000];
/** Connections that are answered keep the processors busy; those that are not only wait. */
const answeredConcurrency = 64;
const silentConcurrency = 512;
/** Connections known to be answered that are tried among those that should not be. */
const maxControls = 200;

/**
 * Tries cells; those with an answer to come go first. Silence proves that a connection is denied only where an answer would
 * have come in time, so some that were answered are tried again among the silent ones: where one of them takes too long, all
 * the silence was too short, and is waited for longer.
 */
export async function probeCells(
  lab: Lab,
  cells: readonly PredictedCell[],
  onProgress: (done: number) => void = () => undefined,
): Promise<readonly CellResult[]> {
  const results = new Map<PredictedCell, CellResult>();
  const answered = cells.filter(({ verdict }) => verdict.allowed);
  const keep = (some: readonly CellResult[], of: readonly PredictedCell[]): void => {
    for (const [index, predicted] of of.entries()) results.set(predicted, some[index] as CellResult);
  };
  const first = { timeoutMs: answerMs, concurrency: answeredConcurrency };
  keep(await tryCells(lab, answered, { ...first, onProgress }), answered);
  const missing = answered.filter((cell) => results.get(cell)?.answer.outcome !== "open");
  const again = { timeoutMs: patientMs, concurrency: answeredConcurrency / 4, retries: 1 };
  keep(await tryCells(lab, missing, again), missing);

  const silent = cells.filter(({ verdict }) => !verdict.allowed);
  const controls = sample(
    answered.filter((cell) => results.get(cell)?.answer.outcome === "open"),
    maxControls,
  );
  const mixed = interleave(silent, controls);
  for (const [attempt, timeoutMs] of (silent.length === 0 ? [] : silencesMs).entries()) {
    const how = { timeoutMs, concurrency: silentConcurrency, ...(attempt === 0 ? { onProgress } : {}) };
    const found = await tryCells(lab, mixed, how);
    const denied = mixed.flatMap((cell, index) =>
      cell.verdict.allowed ? [] : [{ cell, result: found[index] as CellResult }],
    );
    for (const { cell, result } of denied) results.set(cell, { ...result, retries: attempt });
    if (found.every(({ verdict, answer }) => !verdict.allowed || answer.outcome === "open")) break;
  }
  return cells.map((cell) => results.get(cell) as CellResult);
}

interface Try {
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly retries?: number;
  readonly onProgress?: (done: number) => void;
}

async function tryCells(
  lab: Lab,
  cells: readonly PredictedCell[],
  { timeoutMs, retries = 0, ...how }: Try,
): Promise<readonly CellResult[]> {
  const orders = cells.map(({ cell }) => ({ source: cell.source, order: orderOf(cell, timeoutMs) }));
  const answers = await runOrders(lab, orders, how);
  return cells.map((predicted, index) => ({ ...predicted, answer: answers[index] as ProbeAnswer, retries }));
}

/** At most `most` of them, from all over. */
function sample<T>(items: readonly T[], most: number): readonly T[] {
  const step = Math.max(1, Math.ceil(items.length / most));
  return items.filter((_, index) => index % step === 0);
}

/** The items of the second list spread evenly over the first. */
function interleave<T>(many: readonly T[], few: readonly T[]): readonly T[] {
  const place = (index: number, of: number): number => (index + 0.5) / of;
  return [
    ...many.map((item, index) => ({ item, at: place(index, many.length) })),
    ...few.map((item, index) => ({ item, at: place(index, few.length) })),
  ]
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
