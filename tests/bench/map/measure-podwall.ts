import { join } from "node:path";
import type { Context } from "../context.ts";
import { jsonOf } from "../measure/json-of.ts";
import { type Limits, type MeasuredRun, measuredRun } from "../measure/measured-run.ts";
import type { CheckedMap, MeasuredMap } from "./map-results.ts";

/** A round of podwall: the process as a whole, and what it says of itself. */
export interface PodwallRound {
  readonly run: MeasuredRun;
  readonly measured: MeasuredMap;
}

/** Works out the map of a folder in a process of its own. Throws when that does not end well. */
export function measurePodwall(folder: string, { node, programs }: Context, limits: Limits): Promise<PodwallRound> {
  return measuredRun([node, join(programs, "measured-map.mjs"), folder], limits, (run, output) => ({
    run,
    measured: jsonOf<MeasuredMap>(run, output),
  }));
}

/** Works it out again in another process, which compares it with the reference evaluator. */
export function checkPodwall(folder: string, { node, programs }: Context, limits: Limits): Promise<CheckedMap> {
  return measuredRun([node, join(programs, "checked-map.mjs"), folder], limits, jsonOf<CheckedMap>);
}
