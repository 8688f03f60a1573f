import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { type Limits, type MeasuredRun, type RunOutput, measuredRun } from "../measure/measured-run.ts";
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

function jsonOf<Result>({ ended }: MeasuredRun, { stdout, stderr }: RunOutput): Result {
  if (ended.kind === "exited" && ended.code === 0) return JSON.parse(readFileSync(stdout, "utf8")) as Result;
  const how = ended.kind === "stopped" ? ended.reason : `exit code ${ended.code}`;
  throw new Error(`podwall did not work it out: ${how}\n${readFileSync(stderr, "utf8").slice(-2000)}`);
}
