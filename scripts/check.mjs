// npm run check: everything that reads the sources without running the program.
import { existsSync, readdirSync } from "node:fs";
import { main } from "./lib/main.mjs";
import { fromRoot } from "./lib/root.mjs";
import { runNode } from "./lib/run.mjs";
import { setup } from "./lib/setup.mjs";
import { vitest } from "./lib/vitest.mjs";

/**
 * A step: its name and the Node script that does it.
 * @typedef {readonly [name: string, script: string, ...args: string[]]} Step
 */

await main(async () => {
  await setup();
  const steps = allSteps();
  const results = await eachOfTwo(steps, runStep);
  process.exitCode = results.every((passed) => passed) ? 0 : 1;
});

/** @returns {Step[]} */
function allSteps() {
  const bin = (/** @type {string} */ path) => fromRoot("node_modules", path);
  return [
    ["lint", bin("oxlint/bin/oxlint"), "--type-aware", "--deny-warnings"],
    ["format", bin("@biomejs/biome/bin/biome"), "format", "."],
    ["unused code and dependencies", bin("knip/bin/knip.js")],
    ["import graph", vitest(), "run", "--project", "unit", "tests/project/import-graph.test.ts"],
    ["engine in a browser", fromRoot("scripts/lib/engine-in-browser.mjs")],
    ...typedFolders().map(
      (folder) => /** @type {Step} */ ([`types ${folder}`, bin("typescript/bin/tsc"), "-p", folder]),
    ),
  ];
}

/** Every folder with a tsconfig.json. */
function typedFolders() {
  const workspaces = ["packages", "apps"].flatMap((folder) =>
    readdirSync(fromRoot(folder)).map((name) => `${folder}/${name}`),
  );
  return [...workspaces, "tests", "scripts", "conformance"].filter((folder) =>
    existsSync(fromRoot(folder, "tsconfig.json")),
  );
}

/** @param {Step} step */
async function runStep([name, script, ...args]) {
  const startedAt = Date.now();
  const { code, output } = await runNode(script, args, { output: "keep" });
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1).padStart(5);
  console.log(`${code === 0 ? "ok  " : "FAIL"} ${seconds} s  ${name}`);
  if (code !== 0) console.log(output.trimEnd());
  return code === 0;
}

/**
 * Runs the work for all items, two at a time.
 * @template Item, Result
 * @param {readonly Item[]} items
 * @param {(item: Item) => Promise<Result>} work
 * @returns {Promise<Result[]>}
 */
async function eachOfTwo(items, work) {
  const waiting = [...items];
  /** @type {Result[]} */
  const results = [];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) results.push(await work(item));
  };
  await Promise.all([worker(), worker()]);
  return results;
}
