import type { ConnectionSet, MissingFact } from "@podwall/engine";

/** A source and a destination that may exchange something, or of which that is not known. */
export interface MapPair {
  readonly source: string;
  readonly destination: string;
  /** What passes for sure. */
  readonly connections: ConnectionSet;
  /** What besides may pass or not, as things are that the input does not say; absent where the answer is known. */
  readonly unknown?: { readonly connections: ConnectionSet; readonly missing: readonly MissingFact[] };
}
