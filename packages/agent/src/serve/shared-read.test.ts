import { describe, expect, it } from "vitest";
import { sharedRead } from "./shared-read.ts";

/** A shared reading with a clock and answers by hand. */
function shared() {
  let now = 0;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  const waiting: { readonly good: (value: number) => void; readonly bad: (error: Error) => void }[] = [];
  const read = sharedRead(() => new Promise<number>((good, bad) => waiting.push({ good, bad })), {
    clock: {
      now: () => now,
      wallTime: () => now,
      random: () => 0,
      timer: (delayMs, run) => {
        const timer = { at: now + delayMs, run };
        timers.push(timer);
        return () => {
          timers = timers.filter((one) => one !== timer);
        };
      },
    },
    holdsMs: 5_000,
    patienceMs: 1_000,
  });
  const pass = (ms: number): void => {
    now += ms;
    for (const { at, run } of timers) if (at <= now) run();
  };
  return { read, waiting, pass, timers: () => timers.length };
}

describe("a shared reading", () => {
  it("is taken once for all who ask meanwhile, and a while after", async () => {
    const { read, waiting, pass, timers } = shared();
    const first = [read(), read()];
    expect(waiting).toHaveLength(1);
    waiting[0]?.good(7);
    expect(await Promise.all(first)).toEqual([7, 7]);
    pass(4_999);
    expect(await read()).toBe(7);
    expect(waiting).toHaveLength(1);
    pass(1);
    const again = read();
    expect(waiting).toHaveLength(2);
    waiting[1]?.good(8);
    expect(await again).toBe(8);
    expect(timers()).toBe(0);
  });

  it("keeps nobody waiting for long: what was read before must do", async () => {
    const { read, waiting, pass } = shared();
    const early = read();
    pass(1_000);
    expect(await early).toBeUndefined();
    const late = read();
    expect(waiting).toHaveLength(1);
    waiting[0]?.good(7);
    expect(await late).toBe(7);
    pass(5_000);
    const next = read();
    pass(1_000);
    expect(await next).toBe(7);
    waiting[1]?.bad(new Error("away"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(await read()).toBe(7);
    expect(waiting).toHaveLength(2);
  });
});
