import type { Verdict } from "@podwall/engine";
import type { ProbeAnswer, ProbeOutcome } from "../pod/messages.ts";
import type { Cell } from "./cell.ts";

/** What was predicted for a cell and what was observed. */
export interface CellResult {
  readonly cell: Cell;
  readonly verdict: Verdict;
  readonly answer: ProbeAnswer;
  /** How often it was tried again, with more time, because an answer was expected. */
  readonly retries: number;
}

/**
 * Whether packets did what was predicted. A denied connection must be lost, or rejected by the node: an answer from the pod
 * itself, even that nobody listens there, means that packets got through.
 */
export function agrees(allowed: boolean, outcome: ProbeOutcome): boolean {
  return allowed ? outcome === "open" : outcome === "timeout" || outcome === "unreachable";
}

export function isMismatch({ verdict, answer }: CellResult): boolean {
  return !agrees(verdict.allowed, answer.outcome);
}
