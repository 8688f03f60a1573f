import type { Churned } from "./churn.ts";

/** What one agent costs, and many cost the API server, in a cluster of one size. Times in seconds unless their name says other. */
export interface ScaleRow {
  readonly profile: string;
  readonly pods: number;
  readonly policies: number;
  readonly localPods: number;
  readonly start: {
    readonly untilReady: number;
    readonly agentCpu: number;
    readonly apiCpu: number;
    readonly megabytes: number;
  };
  readonly rssMib: number;
  readonly idle: { readonly seconds: number; readonly agentCpu: number };
  readonly churn: Phase & { readonly rssMib: number; readonly eventToKernel: Latency };
  readonly crowd: Crowd;
}

/** The same changes without and with so many watchers more, in turns: what one of them costs is between the two of a turn. */
export interface Crowd {
  readonly watchers: number;
  readonly turns: readonly Turn[];
}

export interface Turn {
  readonly alone: Phase;
  readonly together: Phase;
  /** That all watchers got. */
  readonly events: number;
}

export interface Phase {
  readonly changes: Churned;
  readonly agentCpu: number;
  readonly apiCpu: number;
  readonly megabytes: number;
}

/** Upper bounds of histogram buckets, in milliseconds. */
export interface Latency {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}
