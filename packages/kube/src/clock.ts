/** Time and chance, so that tests can say what they are. */
export interface Clock {
  /** Milliseconds since some start; never goes back. */
  now(): number;
  /** Milliseconds since 1970, as dates that others wrote are compared with. */
  wallTime(): number;
  /** Calls back once. Returns what prevents that. */
  timer(delayMs: number, run: () => void): () => void;
  /** At least 0, less than 1. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  timer(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

/** Resolves after a while, or as soon as the signal is aborted. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const wake = () => {
      cancel();
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    const cancel = clock.timer(delayMs, wake);
    signal?.addEventListener("abort", wake, { once: true });
  });
}
