/** Something to do, and since when. */
export class Wake {
  #since: number | undefined;
  #rouse: () => void = () => undefined;

  /** Since when something is to be done. */
  get since(): number | undefined {
    return this.#since;
  }

  call(now: number): void {
    this.#since ??= now;
    this.#rouse();
  }

  /** Whoever takes it does it. */
  take(): number | undefined {
    const since = this.#since;
    this.#since = undefined;
    return since;
  }

  /** Resolves when there is something to do, or the signal is aborted. */
  wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted || this.#since !== undefined) return resolve();
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
