import { setTimeout as delay } from "node:timers/promises";
import type { Dataplane, Inspection, InspectionDepth } from "../dataplane.ts";

export interface DriftWatchOptions {
  readonly dataplane: Pick<Dataplane, "inspect">;
  /** Between two looks at whether the table is there; a second unless said otherwise. */
  readonly everyMs?: number;
  /** One look of so many is at names; one of five unless said otherwise. */
  readonly namesEvery?: number;
  /** One look of so many is at rules too; one of ten unless said otherwise. */
  readonly rulesEvery?: number;
  readonly onRepair: (repaired: Extract<Inspection, { kind: "repaired" }>) => void;
  /** A look failed, or a repair did; the next look is taken all the same. */
  readonly onError: (error: unknown) => void;
}

/**
 * Looks again and again whether something else changed the kernel's table, and has it mended. What nft reports of changes
 * itself cannot be told from podwall's own, so looking costs less than listening. What opens a node most, a table that is
 * gone, is seen at once, by asking an nft that runs already; to list anything another one is started, which costs the node
 * ten times as much. `stop` waits for a look that is under way.
 */
export function watchDrift(options: DriftWatchOptions): { stop(): Promise<void> } {
  const { dataplane, everyMs = 1_000, namesEvery = 5, rulesEvery = 10, onRepair, onError } = options;
  const stopping = new AbortController();
  const watch = async (): Promise<void> => {
    for (let look = 1; !stopping.signal.aborted; look++) {
      try {
        await delay(everyMs, undefined, { signal: stopping.signal, ref: false });
      } catch {
        return;
      }
      try {
        const found = await dataplane.inspect(depthOf(look, { namesEvery, rulesEvery }));
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

function depthOf(
  look: number,
  { namesEvery, rulesEvery }: { readonly namesEvery: number; readonly rulesEvery: number },
): InspectionDepth {
  if (look % rulesEvery === 0) return "rules";
  return look % namesEvery === 0 ? "names" : "presence";
}
