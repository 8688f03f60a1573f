import { expect, it } from "vitest";
import { Interruption } from "./interruption.ts";

it("happens when nobody reads what is said any more, which nobody needs to be told", async () => {
  const interruption = new Interruption(Promise.resolve());
  await interruption.happening;
  interruption.forget();
  expect([interruption.happened, interruption.bySignal]).toEqual([true, false]);
});

it("happens at a signal, and lets signals be when it is over", async () => {
  const before = process.listenerCount("SIGTERM");
  const interruption = new Interruption();
  process.kill(process.pid, "SIGTERM");
  await interruption.happening;
  interruption.forget();
  expect([interruption.happened, interruption.bySignal]).toEqual([true, true]);
  expect(process.listenerCount("SIGTERM")).toBe(before);
});
