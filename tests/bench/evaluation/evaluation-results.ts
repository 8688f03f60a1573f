/** One evaluation of several in one process: milliseconds that the main thread ran. */
export interface MeasuredEvaluation {
  readonly classPairs: number;
  readonly rulesMs: number;
  readonly pairsMs: number;
  /** Of both, collecting garbage, by the clock. */
  readonly collectionMs: number;
}

/** Reading and decoding a folder, in threads of their own or without. */
export interface MeasuredReading {
  readonly objects: number;
  /** By the clock, until all objects are where they are evaluated. */
  readonly wallMs: number;
  /** What the main thread ran for meanwhile. */
  readonly mainMs: number;
  readonly peakBytes: number;
}
