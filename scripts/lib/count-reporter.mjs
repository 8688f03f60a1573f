import { writeFileSync } from "node:fs";

/**
 * What one vitest run came to.
 * @typedef {{ name: string, reason: string }} Skip
 * @typedef {{ passed: number, failed: number, skips: Skip[] }} Counts
 */

/** A vitest reporter that writes Counts as JSON to the file in PODWALL_COUNTS. vitest's JSON leaves skip reasons out. */
export default class CountReporter {
  /**
   * @param {readonly import("vitest/node").TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    /** @type {Counts} */
    const counts = { passed: 0, failed: unhandledErrors.length, skips: [] };
    for (const module of modules) {
      counts.failed += errorsOutsideTests(module);
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === "passed") counts.passed++;
        else if (result.state === "skipped") {
          counts.skips.push({ name: `${module.relativeModuleId} > ${test.fullName}`, reason: result.note ?? "" });
        }
        // A test that never ended, because its worker died, is "pending".
        else counts.failed++;
      }
    }
    writeFileSync(/** @type {string} */ (process.env["PODWALL_COUNTS"]), JSON.stringify(counts));
  }
}

/**
 * Failures of files and of hooks around suites, which belong to no test.
 * @param {import("vitest/node").TestModule} module
 */
function errorsOutsideTests(module) {
  let count = module.errors().length;
  for (const suite of module.children.allSuites()) count += suite.errors().length;
  return count;
}
