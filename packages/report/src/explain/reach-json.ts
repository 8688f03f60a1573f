import { type Reach, type ReachedAddresses, formatAddress, podKey } from "@podwall/engine";
import { jsonEndpoint } from "../json.ts";
import { jsonMissingFacts } from "./missing-facts-json.ts";
import { MissingNotes } from "./missing-notes.ts";
import { jsonReached } from "./reached-json.ts";

/** The fields of a reach. */
export function jsonReach({ end, as, pods, closedPods, addresses, names }: Reach): Readonly<Record<string, unknown>> {
  const notes = new MissingNotes();
  const fields = {
    [as]: jsonEndpoint(end),
    pods: pods.map((set) => ({ name: set.name, pods: set.pods.map(podKey), ...jsonReached(set, notes) })),
    addresses: addresses.map((set) => ({ intervals: jsonIntervals(set.intervals), ...jsonReached(set, notes) })),
    names: names.map((set) => ({ domainNames: set.domainNames, ...jsonReached(set, notes) })),
    closedPods,
  };
  return { ...fields, missing: jsonMissingFacts(notes.facts) };
}

/** First and last address of each. */
export function jsonIntervals(intervals: ReachedAddresses["intervals"]): readonly Readonly<Record<string, string>>[] {
  return intervals.map(({ first, last }) => ({ first: formatAddress(first), last: formatAddress(last) }));
}
