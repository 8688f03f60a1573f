import { setTimeout as delay } from "node:timers/promises";
import type { Dataplane, Inspection } from "../dataplane.ts";

export interface DriftWatchOptions {
  readonly dataplane: Pick<Dataplane, "inspect">;
  /** Between two looks at names; a second unless said otherwise. */
  readonly everyMs?: number;
  /** One look of so many is at rules too. */
  readonly rulesEvery?: number;
  readonly onRepair: (repaired: Extract<Inspection, { kind: "repaired" }>) => void;
  /** A look failed, or a repair did; the next look is taken all the same. */
  readonly onError: (error: unknown) => void;
}

/**
 * Looks again and again whether something else changed the kernel's table, and has it mended. What nft reports of changes
 * itself cannot be told from podwall's own, so looking costs less than listening. `stop` waits for a look that is under way.
 */
export function watchDrift(options: DriftWatchOptions): { stop(): Promise<void> } {
  const { dataplane, everyMs = 1_000, rulesEvery = 10, onRepair, onError } = options;
  const stopping = new AbortController();
  const watch = async (): Promise<void> => {
    for (let look = 1; !stopping.signal.aborted; look++) {
      try {
        await delay(everyMs, undefined, { signal: stopping.signal, ref: false });
      } catch {
        return;
      }
      try {
        const found = await dataplane.inspect(look % rulesEvery === 0 ? "rules" : "names");
        if (found.kind === "repaired") onRepair(found);
      } catch (error) {
        onError(error);
      }
    }
  };
  const done = watch();
  return {
    stop: () => {
      stopping.abort();
      return done;
    },
  };
}
