import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../lib/main.mjs";

/**
 * Makes an empty folder for a run's results, in place of an earlier run's. One that still runs keeps its own.
 * @param {string} folder
 */
export function newResultsFolder(folder) {
  const pid = textOf(join(folder, "pid")).trim();
  if (pid !== "" && textOf(join("/proc", pid, "cmdline")).includes("podwall-conformance-"))
    throw new Problem(`${folder} is the results folder of a run that goes on: choose another with --results.`, 2);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

/** @param {string} path */
function textOf(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
