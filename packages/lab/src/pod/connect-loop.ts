import type { OutcomeCounts, ProbeOrder, ProbeOutcome } from "./messages.ts";
import { probe } from "./probe.ts";

/** Connects over and over, `concurrency` at a time, and counts how it goes. */
export class ConnectLoop {
  readonly #counts: Record<ProbeOutcome, number> = {
    open: 0,
    timeout: 0,
    refused: 0,
    unreachable: 0,
    "wrong-peer": 0,
    silent: 0,
  };
  readonly #workers: Promise<unknown>;
  #stopped = false;

  constructor(order: ProbeOrder, concurrency: number) {
    this.#workers = Promise.all(Array.from({ length: concurrency }, () => this.#work(order)));
  }

  counts(): OutcomeCounts {
    return { ...this.#counts };
  }

  async stop(): Promise<OutcomeCounts> {
    this.#stopped = true;
    await this.#workers;
    return this.counts();
  }

  async #work(order: ProbeOrder): Promise<void> {
    while (!this.#stopped) {
      const { outcome } = await probe(order);
      this.#counts[outcome]++;
    }
  }
}
