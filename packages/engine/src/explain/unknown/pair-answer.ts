import type { ConnectionSet } from "../../net/connection-set.ts";
import type { MissingFact } from "./missing-fact.ts";

/** What may pass between two ends, as far as the input tells. */
export interface PairAnswer {
  /** Passes however things are. */
  readonly certain: ConnectionSet;
  /** Passes or not, as things are that are not known; empty where the answer is known. */
  readonly uncertain: ConnectionSet;
  /** What that depends on. */
  readonly missing: readonly MissingFact[];
}
