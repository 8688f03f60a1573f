import { type Clock, sleep } from "@podwall/kube";

export interface SharedReadOptions {
  readonly clock: Clock;
  /** For how long what was read holds, and for how long a reading that failed is not tried again; milliseconds. */
  readonly holdsMs: number;
  /** For how long whoever asks waits for a reading, before what was read before must do; milliseconds. */
  readonly patienceMs: number;
}

/**
 * A reading that takes its time and that many may ask for: it is taken once at a time, for all who ask meanwhile. Gives what was
 * read last; undefined where nothing was yet.
 */
export function sharedRead<Value>(
  read: () => Promise<Value>,
  { clock, holdsMs, patienceMs }: SharedReadOptions,
): () => Promise<Value | undefined> {
  let known: Value | undefined;
  let reading: Promise<void> | undefined;
  let restsUntil = Number.NEGATIVE_INFINITY;
  const take = async (): Promise<void> => {
    try {
      known = await read();
    } catch {
      // What was read before must do.
    }
    restsUntil = clock.now() + holdsMs;
    reading = undefined;
  };
  return async () => {
    if (clock.now() >= restsUntil || reading !== undefined) {
      reading ??= take();
      const answered = new AbortController();
      await Promise.race([reading, sleep(clock, patienceMs, answered.signal)]);
      answered.abort();
    }
    return known;
  };
}
