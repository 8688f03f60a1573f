const firstMs = 100;
const longestMs = 30_000;

/** How long to wait after a failure: twice as long each time. */
export class RetryDelay {
  #failures = 0;

  next(): number {
    const delay = Math.min(longestMs, firstMs * 2 ** Math.min(this.#failures, 20));
    this.#failures += 1;
    return delay;
  }

  reset(): void {
    this.#failures = 0;
  }
}
