import type { BlastRadius } from "@podwall/engine";
import { jsonEndpoint } from "../json.ts";
import { jsonMissingFacts } from "./missing-facts-json.ts";
import { MissingNotes } from "./missing-notes.ts";
import { jsonIntervals } from "./reach-json.ts";
import { jsonReached } from "./reached-json.ts";

/** The fields of a blast radius. */
export function jsonBlastRadius({
  end,
  mostHops,
  ends,
  safePods,
  outside,
}: BlastRadius): Readonly<Record<string, unknown>> {
  const notes = new MissingNotes();
  const fields = {
    source: jsonEndpoint(end),
    mostHops,
    ends: ends.map((one) => ({ ...one, ...jsonReached(one, notes) })),
    outside: outside.map((one) => ({
      intervals: jsonIntervals(one.intervals),
      ...jsonReached(one, notes),
      from: one.from,
      hops: one.hops,
    })),
    safePods,
  };
  return { ...fields, missing: jsonMissingFacts(notes.facts) };
}
