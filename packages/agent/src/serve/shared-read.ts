import type { Clock } from "@podwall/kube";

/**
 * A reading that many may ask for: it is taken once at a time, for all who ask meanwhile, and what it gave or failed with holds for
 * a while, in milliseconds.
 */
export function sharedRead<Value>(
  read: () => Promise<Value>,
  { clock, holdsMs }: { readonly clock: Pick<Clock, "now">; readonly holdsMs: number },
): () => Promise<Value> {
  let last: { readonly reading: Promise<Value>; endedAt: number } | undefined;
  return () => {
    if (last !== undefined && clock.now() - last.endedAt < holdsMs) return last.reading;
    const taken = { reading: read(), endedAt: Number.POSITIVE_INFINITY };
    last = taken;
    const end = (): void => {
      taken.endedAt = clock.now();
    };
    taken.reading.then(end, end);
    return taken.reading;
  };
}
