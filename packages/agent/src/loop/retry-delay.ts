const firstMs = 100;
const longestMs = 30_000;
const longestRestMs = 1_000;

/** When to try again after a failure. */
export interface Retry {
  /** Until something new may be tried, in milliseconds: as long as the try took, so that failing takes half of the time at most. */
  readonly restMs: number;
  /** Until the same may be tried again, in milliseconds: twice as long each time. */
  readonly retryMs: number;
}

/** How long to wait after failures. */
export class RetryDelay {
  #failures = 0;

  /** After a try that took so long, in milliseconds, and failed. */
  next(tookMs: number): Retry {
    const retryMs = Math.min(longestMs, firstMs * 2 ** Math.min(this.#failures, 20));
    this.#failures += 1;
    const restMs = Math.min(longestRestMs, Math.max(firstMs, tookMs));
    return { restMs, retryMs: Math.max(restMs, retryMs) };
  }

  reset(): void {
    this.#failures = 0;
  }
}
