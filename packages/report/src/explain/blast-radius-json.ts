import type { BlastRadius } from "@podwall/engine";
import { jsonEndpoint } from "../json.ts";
import { jsonConnections } from "../verdict-json.ts";
import { jsonIntervals } from "./reach-json.ts";

/** The fields of a blast radius. */
export function jsonBlastRadius({
  end,
  mostHops,
  ends,
  safePods,
  outside,
}: BlastRadius): Readonly<Record<string, unknown>> {
  return {
    source: jsonEndpoint(end),
    mostHops,
    ends: ends.map(({ connections, ...rest }) => ({ ...rest, connections: jsonConnections(connections) })),
    outside: outside.map(({ intervals, connections, from, hops }) => ({
      intervals: jsonIntervals(intervals),
      connections: jsonConnections(connections),
      from,
      hops,
    })),
    safePods,
  };
}
