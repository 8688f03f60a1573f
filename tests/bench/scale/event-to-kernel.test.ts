import { describe, expect, it } from "vitest";
import { eventToKernel, latencyBetween } from "./event-to-kernel.ts";

const metrics = (counts: readonly number[]): string =>
  ["0.01", "0.1", "+Inf"]
    .map((bound, index) => `podwall_event_to_kernel_seconds_bucket{le="${bound}"} ${counts[index]}\n`)
    .join("");

describe("the histogram of event to kernel", () => {
  it("is read out of an agent's metrics, between two looks", () => {
    const [before, after] = [metrics([1, 2, 2]), metrics([61, 101, 102])].map(eventToKernel);
    if (before === undefined || after === undefined) throw new Error("no histograms");
    expect(latencyBetween(before, after)).toEqual({ count: 100, p50Ms: 10, p99Ms: 100 });
  });

  it("must be there", () => {
    expect(() => eventToKernel("podwall_applies_total 1\n")).toThrow("no histogram");
  });
});
