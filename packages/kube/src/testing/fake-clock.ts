import type { Clock } from "../clock.ts";

/** A clock that stands still until told, and a chance that is always the same. */
export class FakeClock implements Clock {
  #now = 0;
  readonly #random: number;
  readonly #timers = new Set<{ readonly at: number; readonly run: () => void }>();

  constructor({ random = 0.5 } = {}) {
    this.#random = random;
  }

  readonly now = (): number => this.#now;
  readonly wallTime = (): number => Date.UTC(2030, 0) + this.#now;
  readonly random = (): number => this.#random;

  timer(delayMs: number, run: () => void): () => void {
    const timer = { at: this.#now + delayMs, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Goes on, and runs what is due, in its order. */
  pass(delayMs: number): void {
    const end = this.#now + delayMs;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
    this.#now = end;
  }
}
