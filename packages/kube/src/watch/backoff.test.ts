import { describe, expect, it } from "vitest";
import { FakeClock } from "../testing/fake-clock.ts";
import { Backoff } from "./backoff.ts";

const limits = { firstMs: 100, longestMs: 1_000, forgetAfterMs: 5_000 };

describe("the backoff", () => {
  it("doubles up to its bound, and begins anew after a time without failures", () => {
    const clock = new FakeClock({ random: 0.999999 });
    const backoff = new Backoff(limits, clock);
    const fail = () => {
      const delay = backoff.next();
      clock.pass(delay);
      return Math.round(delay);
    };
    expect([fail(), fail(), fail(), fail(), fail(), fail()]).toEqual([100, 200, 400, 800, 1000, 1000]);
    clock.pass(4_000);
    expect(fail()).toBe(1000);
    clock.pass(5_001);
    expect(fail()).toBe(100);
  });

  it("waits between half and all of that, by chance", () => {
    expect(new Backoff(limits, new FakeClock({ random: 0 })).next()).toBe(50);
    expect(new Backoff(limits, new FakeClock({ random: 0.5 })).next()).toBe(75);
  });
});
