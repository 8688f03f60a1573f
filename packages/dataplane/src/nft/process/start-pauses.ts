/** Starts that failed in a row after which there are pauses. */
const freeStarts = 3;
const firstPauseMs = 10_000;
const longestPauseMs = 600_000;

/**
 * When another start may be tried of what failed to start: the first three at once, then after ten seconds, twenty, and so on, up to ten
 * minutes. Times are in milliseconds, of a clock that only goes on.
 */
export class StartPauses {
  #failed = 0;
  #notBeforeMs = 0;

  mayStart(nowMs: number): boolean {
    return nowMs >= this.#notBeforeMs;
  }

  failed(nowMs: number): void {
    this.#failed += 1;
    const pauses = this.#failed - freeStarts;
    if (pauses >= 0) this.#notBeforeMs = nowMs + Math.min(longestPauseMs, firstPauseMs * 2 ** pauses);
  }

  started(): void {
    this.#failed = 0;
  }
}
