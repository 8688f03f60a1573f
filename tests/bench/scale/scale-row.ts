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
  /** The same churn with so many watchers more. */
  readonly crowd: Phase & { readonly watchers: number };
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
