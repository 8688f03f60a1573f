import type { PhaseTimes } from "./compare.ts";

/** What the measured process prints. */
export interface MeasuredDiff {
  readonly phaseMs: PhaseTimes;
  /** Blocks of pairs that may exchange something else now, and the pairs of pods in them. */
  readonly blocks: number;
  readonly podPairs: number;
  readonly peakBytes: number;
}

/** What the checking process prints: the same blocks, compared with the reference evaluator. */
export interface CheckedDiff {
  readonly podPairs: number;
  readonly checkedPairs: number;
  /** How many of these changed. */
  readonly checkedChanged: number;
  /** A line each. */
  readonly differences: readonly string[];
}
