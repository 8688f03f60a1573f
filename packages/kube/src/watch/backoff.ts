import type { Clock } from "../clock.ts";

export interface BackoffLimits {
  readonly firstMs: number;
  readonly longestMs: number;
  /** A time without failures after which the next one counts as the first. */
  readonly forgetAfterMs: number;
}

/** How long to wait after a failure: twice as long each time, give or take half, so that clients do not come in step. */
export class Backoff {
  readonly #limits: BackoffLimits;
  readonly #clock: Clock;
  #failures = 0;
  /** When the last wait is over. */
  #endsAt = Number.NEGATIVE_INFINITY;

  constructor(limits: BackoffLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** The wait after a failure that happens now. */
  next(): number {
    const { firstMs, longestMs, forgetAfterMs } = this.#limits;
    const now = this.#clock.now();
    if (now - this.#endsAt > forgetAfterMs) this.#failures = 0;
    // 2^30 is past every bound.
    const whole = Math.min(longestMs, firstMs * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    const delay = whole * (0.5 + this.#clock.random() / 2);
    this.#endsAt = now + delay;
    return delay;
  }
}
