import { setTimeout as sleep } from "node:timers/promises";

const landedMs = 1_000;

/** Before tidying up: a request that was stopped on its way may still be carried out. */
export async function requestsLanded(signal: AbortSignal): Promise<void> {
  if (signal.aborted) await sleep(landedMs);
}
