import type { LoadedFigure } from "./loaded-figures.ts";
import type { PhaseTimes } from "./work-out.ts";

/** What the measured process prints. */
export interface MeasuredMap {
  readonly phaseMs: PhaseTimes;
  readonly classes: number;
  readonly classPairs: number;
  readonly podPairs: number;
  /** Pairs of namespaces of which pods may exchange something. */
  readonly namespacePairs: number;
  readonly peakBytes: number;
}

/** What the checking process prints: the same map, looked at closely. */
export interface CheckedMap {
  readonly podPairs: number;
  readonly checksum: string;
  readonly checkedPairs: number;
  readonly checkedOpen: number;
  readonly differences: readonly string[];
  /** Pairs of pods that may talk over the port that simulators are asked about. */
  readonly podPairsAtProbePort: number;
  /** Pairs of workloads, or pods of none, that may talk if blocks never match pods, as some tools have it. */
  readonly workloadPairsWithoutBlocks: number;
  readonly loaded: readonly LoadedFigure[];
}
