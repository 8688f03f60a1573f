import type { BenchInput } from "../generate/bench-input.ts";
import type { Spread } from "../measure/spread.ts";
import type { CheckedMap, MeasuredMap } from "./map-results.ts";
import type { phases } from "./work-out.ts";

/** What the bench found out about one input. */
export interface MapRow {
  readonly input: BenchInput;
  readonly files: number;
  readonly bytes: number;
  readonly rounds: number;
  readonly wallMs: Spread;
  readonly cpuMs: Spread;
  readonly peakBytes: Spread;
  readonly phaseMs: Readonly<Record<(typeof phases)[number], Spread>>;
  /** Of each round the phases `rules` and `pairs` together: podwall's own work, once the cluster is there. */
  readonly evaluationMs: Spread;
  readonly map: Omit<MeasuredMap, "phaseMs" | "peakBytes">;
  readonly checked: CheckedMap;
  readonly peers: readonly PeerRow[];
}

/** Another tool on the same files. */
export interface PeerRow {
  readonly name: string;
  readonly version: string;
  readonly question: string;
  readonly rounds: number;
  readonly wallMs: Spread;
  readonly cpuMs: Spread;
  readonly peakBytes: Spread;
  /** How it ended, where it did not end well: `stopped at 300 s`. */
  readonly failure?: string;
  /** Its number of pairs that may talk, and podwall's where podwall takes its view. */
  readonly pairs?: { readonly peer: number; readonly podwall: number };
}
