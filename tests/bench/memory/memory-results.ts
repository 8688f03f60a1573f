/** What `measured-memory` prints; bytes and milliseconds. */
export interface MeasuredMemory {
  readonly pods: number;
  readonly policies: number;
  /** Once the first state is in the kernel, and after a while without events. */
  readonly syncedBytes: number;
  readonly idleBytes: number;
  /** After events. */
  readonly churnedBytes: number;
  readonly events: number;
  readonly peakBytes: number;
  readonly idleMs: number;
  /** Of the agent and the programs it starts, in that while. */
  readonly idleCpuMs: number;
}
