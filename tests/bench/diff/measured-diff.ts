// A program of its own: compares two folders and prints what it took as JSON. `measured-diff BEFORE AFTER`
import { peakBytes } from "../measure/peak-bytes.ts";
import { countPodPairs } from "./changed-pairs.ts";
import { compare } from "./compare.ts";
import type { MeasuredDiff } from "./diff-results.ts";

const [before = ".", after = "."] = process.argv.slice(2);
const { diff, phaseMs } = await compare([before, after]);
const result: MeasuredDiff = {
  phaseMs,
  blocks: diff.blocks.length,
  podPairs: countPodPairs(diff),
  peakBytes: peakBytes(),
};
process.stdout.write(JSON.stringify(result));
