import type { Clock } from "@podwall/kube";

/** Something to do, and since when. */
export class Wake {
  #since: number | undefined;
  #isNew = false;
  #calls = 0;
  #rouse: () => void = () => undefined;

  /** Since when something is to be done. */
  get since(): number | undefined {
    return this.#since;
  }

  /** Whether it was called since what is to be done was last taken; else it was only put back. */
  get isNew(): boolean {
    return this.#isNew;
  }

  /** How often it was called. */
  get calls(): number {
    return this.#calls;
  }

  call(now: number): void {
    this.#calls += 1;
    this.#since ??= now;
    this.#isNew = true;
    this.#rouse();
  }

  /** Whoever takes it does it, or puts it back. */
  take(): number | undefined {
    const since = this.#since;
    this.#since = undefined;
    this.#isNew = false;
    return since;
  }

  /** What was taken came to nothing, and is to be done still. Nobody is roused. */
  putBack(since: number): void {
    this.#since = Math.min(since, this.#since ?? since);
  }

  /** Resolves when there is something to do, or the signal is aborted. */
  wait(signal: AbortSignal): Promise<void> {
    return this.#since === undefined ? this.#roused(signal) : Promise.resolve();
  }

  /** Resolves when there is something new to do, after a while, or when the signal is aborted. */
  async waitForNew(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
    if (this.#isNew) return;
    const late = new AbortController();
    const cancel = clock.timer(delayMs, () => late.abort());
    await this.#roused(AbortSignal.any([signal, late.signal]));
    cancel();
  }

  #roused(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = (): void => {
        this.#rouse = () => undefined;
        signal.removeEventListener("abort", done);
        resolve();
      };
      this.#rouse = done;
      signal.addEventListener("abort", done, { once: true });
    });
  }
}
