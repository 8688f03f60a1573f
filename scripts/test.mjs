// npm test: builds, runs the unit and then the system tests, and counts them. `npm test -- PATH` runs a part.
import { buildWhenStale } from "./lib/bundle.mjs";
import { main, say } from "./lib/main.mjs";
import { setup } from "./lib/setup.mjs";
import { installSystemTools } from "./lib/system-tools.mjs";
import { runTests } from "./lib/vitest.mjs";

await main(async (args) => {
  await setup();
  await installSystemTools();
  await buildWhenStale();
  const isPart = args.length > 0;
  const runs = [];
  for (const project of ["unit", "system"]) {
    const counts = await runTests(project, isPart ? [...args, "--passWithNoTests"] : args);
    runs.push(counts);
  }
  const passed = sum(runs.map((counts) => counts.passed));
  const skips = runs.flatMap((counts) => counts.skips);
  // A part leaves tests out on purpose, and only CI is held to run everything.
  const mustRun = isPart || process.env["CI"] !== "true" ? [] : skips.filter((skip) => !isAllowed(skip));
  const failures = runs.flatMap((counts) => counts.failures);
  const failed = failures.length + mustRun.length;
  if (!isPart)
    for (const { name, reason } of skips) say(`skipped: ${name}: ${reason === "" ? "no reason given" : reason}`);
  // Again, and last: the report of the tests that follow has pushed it far up.
  for (const { name, reason } of failures) console.log(`failed: ${name}: ${reason}`);
  if (mustRun.length > 0)
    say("In CI a test may only be skipped with a reason that begins `allowed:`; the others above count as failed.");
  if (passed + failed === 0) say("No test ran.");
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
  console.log(`${passed} passed, ${failed} failed, ${skips.length - mustRun.length} skipped`);
});

/** @param {import("./lib/count-reporter.mjs").Named} skip */
function isAllowed(skip) {
  return skip.reason.startsWith("allowed:");
}

/** @param {readonly number[]} numbers */
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
