// A program of its own: reads and decodes a folder of files in so many threads beside the main one, or in that where it is
// none, and prints as JSON what it took until the main thread has all objects. `measured-threads FOLDER THREADS`
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { readPaths } from "@podwall/agent";
import { type ApiObject, readManifests } from "@podwall/engine";
import { mainThreadCpu } from "../measure/main-thread-cpu.ts";
import { peakBytes } from "../measure/peak-bytes.ts";
import type { MeasuredReading } from "./evaluation-results.ts";

if (isMainThread) {
  const [folder = ".", threads = "0"] = process.argv.slice(2);
  const [start, startCpu] = [performance.now(), mainThreadCpu()];
  const paths = readdirSync(folder).map((name) => join(folder, name));
  const objects = threads === "0" ? await objectsOf(paths) : await objectsByThreads(paths, Number(threads));
  const result: MeasuredReading = {
    objects: objects.length,
    wallMs: performance.now() - start,
    mainMs: mainThreadCpu() - startCpu,
    peakBytes: peakBytes(),
  };
  process.stdout.write(JSON.stringify(result));
} else {
  parentPort?.postMessage(await objectsOf(workerData as readonly string[]));
}

async function objectsByThreads(paths: readonly string[], threads: number): Promise<readonly ApiObject[]> {
  const shares = Array.from({ length: threads }, (_, thread) => paths.filter((_path, at) => at % threads === thread));
  return (await Promise.all(shares.map(objectsByThread))).flat();
}

function objectsByThread(paths: readonly string[]): Promise<readonly ApiObject[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: paths });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

async function objectsOf(paths: readonly string[]): Promise<readonly ApiObject[]> {
  const { files, diagnostics } = await readPaths(paths, { cwd: process.cwd(), readStdin: async () => "" });
  const read = readManifests(files);
  const [problem] = [...diagnostics, ...read.diagnostics];
  if (problem !== undefined) throw new Error(`not read as it should be: ${problem.message}`);
  return read.objects;
}
