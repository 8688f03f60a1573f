/** What `measured-connect` prints: of each variant the median of each round, in nanoseconds. */
export interface MeasuredConnect {
  readonly variants: readonly {
    readonly name: string;
    readonly roundsNs: readonly number[];
    readonly p99Ns: readonly number[];
  }[];
  readonly connectionsEach: number;
}
