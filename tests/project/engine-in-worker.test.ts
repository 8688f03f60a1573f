import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { clusterFrom, FastEvaluator, namespaceTotals, readManifests } from "@podwall/engine";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const folder = join(root, "examples/online-shop");
const text = readdirSync(folder)
  .filter((name) => name.endsWith(".yaml") && name !== "podwall-test.yaml")
  .map((name) => readFileSync(join(folder, name), "utf8"))
  .join("\n---\n");

/** What a page's worker would do: take a text, answer with a map's totals. */
const program = `
  import { clusterFrom, FastEvaluator, namespaceTotals, readManifests } from "@podwall/engine";
  const cluster = clusterFrom(readManifests([{ name: "in.yaml", text: globalThis.text }]).objects);
  globalThis.answer([...namespaceTotals(new FastEvaluator(cluster).openBlocks())].map(([from, row]) => [from, ...row]));
`;

describe("the engine", () => {
  it("works out a map in a worker, bundled as for a page", async () => {
    const { outputFiles } = await build({
      stdin: { contents: program, resolveDir: join(root, "apps/cli") },
      bundle: true,
      format: "iife",
      platform: "browser",
      write: false,
    });
    const code = `const { parentPort, workerData } = require("node:worker_threads");
      globalThis.text = workerData;
      globalThis.answer = (found) => parentPort.postMessage(found);
      ${outputFiles[0]?.text}`;
    const worker = new Worker(code, { eval: true, workerData: text });
    const found = await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
    await worker.terminate();
    const cluster = clusterFrom(readManifests([{ name: "in.yaml", text }]).objects);
    const expected = [...namespaceTotals(new FastEvaluator(cluster).openBlocks())].map(([from, row]) => [from, ...row]);
    expect(found).toEqual(expected);
    expect(expected).not.toEqual([]);
  });
});
