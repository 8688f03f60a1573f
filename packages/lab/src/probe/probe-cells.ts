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
/** The least and the most that silence must last to count as denied. */
const silenceMs = { least: 300, most: 3_000 };
/** Connections that are answered keep the processors busy; those that are not only wait. */
const answeredConcurrency = 64;
const silentConcurrency = 256;

/**
 * Tries cells. Those with an answer to come go first: how long the slowest takes says how long silence must last on this
 * machine before it means that a connection is denied.
 */
export async function probeCells(
  lab: Lab,
  cells: readonly PredictedCell[],
  onProgress: (done: number) => void = () => undefined,
): Promise<readonly CellResult[]> {
  const results = new Map<PredictedCell, CellResult>();
  const tryThem = async (
    some: readonly PredictedCell[],
    timeoutMs: number,
    concurrency: number,
    retries = 0,
  ): Promise<void> => {
    const orders = some.map(({ cell }) => ({ source: cell.source, order: orderOf(cell, timeoutMs) }));
    const answers = await runOrders(lab, orders, { concurrency, ...(retries === 0 ? { onProgress } : {}) });
    for (const [index, predicted] of some.entries()) {
      results.set(predicted, { ...predicted, answer: answers[index] as ProbeAnswer, retries });
    }
  };
  const answered = cells.filter(({ verdict }) => verdict.allowed);
  await tryThem(answered, answerMs, answeredConcurrency);
  const missing = answered.filter((cell) => results.get(cell)?.answer.outcome !== "open");
  if (missing.length > 0) await tryThem(missing, patientMs, answeredConcurrency / 4, 1);
  await tryThem(
    cells.filter(({ verdict }) => !verdict.allowed),
    silenceFor([...results.values()]),
    silentConcurrency,
  );
  return cells.map((cell) => results.get(cell) as CellResult);
}

function silenceFor(answered: readonly CellResult[]): number {
  const slowestMs = answered.reduce((slowest, { answer, retries }) => {
    return answer.outcome === "open" && retries === 0 ? Math.max(slowest, answer.tookMs) : slowest;
  }, 0);
  return Math.min(Math.max(silenceMs.least, Math.ceil(2 * slowestMs)), silenceMs.most);
}
