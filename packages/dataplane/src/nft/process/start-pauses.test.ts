import { describe, expect, it } from "vitest";
import { StartPauses } from "./start-pauses.ts";

/** The first millisecond from a time on at which another start may be tried, to the second. */
function nextStart(pauses: StartPauses, fromMs: number): number {
  let nowMs = fromMs;
  while (!pauses.mayStart(nowMs)) nowMs += 1_000;
  return nowMs;
}

describe("starts that fail", () => {
  it("are tried three times at once, then more and more rarely, and never given up", () => {
    const pauses = new StartPauses();
    const waits: number[] = [];
    for (let nowMs = 0, last = 0; waits.length < 12; last = nowMs) {
      nowMs = nextStart(pauses, nowMs);
      waits.push((nowMs - last) / 1_000);
      pauses.failed(nowMs);
    }
    expect(waits).toEqual([0, 0, 0, 10, 20, 40, 80, 160, 320, 600, 600, 600]);
  });

  it("begin anew after one that did not", () => {
    const pauses = new StartPauses();
    for (let starts = 0; starts < 5; starts++) pauses.failed(nextStart(pauses, 0));
    const nowMs = nextStart(pauses, 0);
    pauses.started();
    pauses.failed(nowMs);
    expect(pauses.mayStart(nowMs)).toBe(true);
  });
});
