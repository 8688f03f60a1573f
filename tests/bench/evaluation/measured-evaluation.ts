// A program of its own: evaluates the cluster of a folder over and over and prints what each time took as JSON.
// `measured-evaluation FOLDER TIMES`
import { PerformanceObserver } from "node:perf_hooks";
import { mainThreadCpu } from "../measure/main-thread-cpu.ts";
import { mapOf } from "../map/podwall-map.ts";
import { clusterOf, totalsOf } from "../map/work-out.ts";
import type { MeasuredEvaluation } from "./evaluation-results.ts";

const [folder = ".", times = "1"] = process.argv.slice(2);

let collectionMs = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) collectionMs += duration;
}).observe({ entryTypes: ["gc"] });

const { cluster } = await clusterOf(folder);
const evaluations: MeasuredEvaluation[] = [];
for (let time = 0; time < Number(times); time++) {
  await observed();
  const [collectedBefore, start] = [collectionMs, mainThreadCpu()];
  const map = mapOf(cluster);
  const between = mainThreadCpu();
  const { classPairs } = totalsOf(map);
  const end = mainThreadCpu();
  await observed();
  evaluations.push({
    classPairs,
    rulesMs: between - start,
    pairsMs: end - between,
    collectionMs: collectionMs - collectedBefore,
  });
}
process.stdout.write(JSON.stringify(evaluations));

/** Resolves when the observer was told of what happened until now. */
async function observed(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5));
}
