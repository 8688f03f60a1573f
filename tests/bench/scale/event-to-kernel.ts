import type { Latency } from "./scale-row.ts";

const bucket = /^podwall_event_to_kernel_seconds_bucket\{le="([^"]+)"\} (\d+)$/gm;

/** The counts of the agent's histogram, by upper bound in seconds, each with those below it. */
export type Histogram = ReadonlyMap<number, number>;

/** Reads the histogram of event to kernel out of an agent's `/metrics`. */
export function eventToKernel(metrics: string): Histogram {
  const bounds = [...metrics.matchAll(bucket)].map(([, bound, count]): [number, number] => [
    bound === "+Inf" ? Number.POSITIVE_INFINITY : Number(bound),
    Number(count),
  ]);
  if (bounds.length === 0) throw new Error("the agent's metrics have no histogram of event to kernel");
  return new Map(bounds);
}

/** What was counted between two looks. */
export function latencyBetween(before: Histogram, after: Histogram): Latency {
  const counts = [...after].map(([bound, count]): [number, number] => [bound, count - (before.get(bound) ?? 0)]);
  const count = counts.at(-1)?.[1] ?? 0;
  const at = (part: number): number => {
    const [bound = Number.NaN] = counts.find(([, below]) => below >= count * part) ?? [];
    return bound * 1000;
  };
  return { count, p50Ms: at(0.5), p99Ms: at(0.99) };
}
