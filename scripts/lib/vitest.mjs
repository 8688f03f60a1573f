import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { fromRoot } from "./root.mjs";
import { runNode } from "./run.mjs";

/** @typedef {import("./count-reporter.mjs").Counts} Counts */

/**
 * Runs one vitest project, its report on stdout, and says what it came to. A run that broke without counting a
 * failure counts as one.
 * @param {string} project
 * @param {readonly string[]} args
 * @returns {Promise<Counts>}
 */
export async function runTests(project, args) {
  const file = fromRoot("node_modules/.cache", `tests-${project}-${process.pid}.json`);
  mkdirSync(fromRoot("node_modules/.cache"), { recursive: true });
  const reporters = ["--reporter=default", `--reporter=${fromRoot("scripts/lib/count-reporter.mjs")}`];
  const ended = await runNode(vitest(), ["run", "--project", project, ...reporters, ...args], {
    output: "show",
    env: { PODWALL_COUNTS: file },
  });
  /** @type {Counts} */
  const counts = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { passed: 0, failures: [], skips: [] };
  rmSync(file, { force: true });
  if (ended.code === 0 || counts.failures.length > 0) return counts;
  const broke = { name: `the ${project} tests`, reason: `the run broke off, exit code ${ended.code}` };
  return { ...counts, failures: [broke] };
}

/** The script that is vitest's command. */
export function vitest() {
  return fromRoot("node_modules/vitest/vitest.mjs");
}
