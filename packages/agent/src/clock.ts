import type { Clock } from "@podwall/kube";

export type { Clock };

/** Resolves after a while, or as soon as the signal is aborted. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const wake = (): void => {
      cancel();
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    const cancel = clock.timer(delayMs, wake);
    signal?.addEventListener("abort", wake, { once: true });
  });
}
