import { writeFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

/**
 * What one vitest run came to.
 * @typedef {{ name: string, reason: string }} Named a test, and why it was skipped or what it failed with
 * @typedef {{ passed: number, failures: Named[], skips: Named[] }} Counts
 */

/** A vitest reporter that writes Counts as JSON to the file in PODWALL_COUNTS. vitest's JSON leaves skip reasons out. */
export default class CountReporter {
  /**
   * @param {readonly import("vitest/node").TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    /** @type {Counts} */
    const counts = { passed: 0, failures: [], skips: [] };
    for (const error of unhandledErrors) counts.failures.push({ name: "outside the tests", reason: messageOf(error) });
    for (const module of modules) {
      const file = module.relativeModuleId;
      counts.failures.push(...errorsOutsideTests(module));
      for (const test of module.children.allTests()) {
        const name = `${file} > ${test.fullName}`;
        const result = test.result();
        if (result.state === "passed") counts.passed++;
        else if (result.state === "skipped") counts.skips.push({ name, reason: result.note ?? "" });
        else counts.failures.push({ name, reason: messageOf(result.errors?.[0] ?? "it never ended: its worker died") });
      }
    }
    writeFileSync(/** @type {string} */ (process.env["PODWALL_COUNTS"]), JSON.stringify(counts));
  }
}

/**
 * Failures of files and of hooks around suites, which belong to no test.
 * @param {import("vitest/node").TestModule} module
 * @returns {Named[]}
 */
function errorsOutsideTests(module) {
  const file = module.relativeModuleId;
  const ofFile = module.errors().map((error) => ({ name: file, reason: messageOf(error) }));
  const ofSuites = [...module.children.allSuites()].flatMap((suite) =>
    suite.errors().map((error) => ({ name: `${file} > ${suite.fullName}`, reason: messageOf(error) })),
  );
  return [...ofFile, ...ofSuites];
}

/**
 * The beginning of what an error says, in one line: a property test's counterexample and seed are in it.
 * @param {unknown} error
 */
function messageOf(error) {
  const message = typeof error === "object" && error !== null && "message" in error ? error.message : error;
  return stripVTControlCharacters(String(message)).replace(/\s+/gu, " ").slice(0, 600);
}
