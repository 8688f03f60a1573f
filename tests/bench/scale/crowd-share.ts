import { type Spread, spreadOf } from "../measure/spread.ts";
import type { Crowd, Turn } from "./scale-row.ts";

/**
 * What an event costs the API server for one watcher more, in seconds of processor time: of each turn, what its changes cost more
 * with the crowd than without, by the events that the crowd got.
 */
export function crowdShare({ turns }: Crowd): Spread {
  return spreadOf(turns.map(shareOf));
}

function shareOf({ alone, together, events }: Turn): number {
  // A write or two may be of one of them alone, as what is busy is left out.
  const without = (alone.apiCpu / alone.changes.writes) * together.changes.writes;
  return (together.apiCpu - without) / events;
}
