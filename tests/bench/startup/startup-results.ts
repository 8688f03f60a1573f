/** How pods start that are looked at together. */
export interface Starts {
  readonly kind: "fresh address" | "reused address" | "restarted agent";
  /** Of pods that may connect: from their address being written to the API until their first connection, in milliseconds. */
  readonly waitsMs: readonly number[];
  /** The same pods' first connections once nothing is to be waited for, in milliseconds from when they begin to try. */
  readonly controlMs: readonly number[];
  /** Pods that may not connect. */
  readonly denied: number;
  /** Packets that got through before the API knew of a pod, or of pods that may not connect: there must be none. */
  readonly leaks: number;
}
