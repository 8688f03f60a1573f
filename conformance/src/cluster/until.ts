import { setTimeout as sleep } from "node:timers/promises";

/** Asks until the answer is yes. Rejects when it is not in time, with what was waited for. */
export async function until(what: string, ask: () => Promise<boolean>, withinMs = 120_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await ask())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${withinMs / 1000} s`);
    await sleep(200);
  }
}
