// A program of its own: works out the map of a folder and prints what it took as JSON. It does nothing else, so that the
// whole process can be measured. `measured-map FOLDER`
import { peakBytes } from "../measure/peak-bytes.ts";
import type { MeasuredMap } from "./map-results.ts";
import { workOut } from "./work-out.ts";

const { map, classPairs, totals, phaseMs } = await workOut(process.argv[2] ?? ".");
const counts = [...totals.values()].flatMap((row) => [...row.values()]);
const result: MeasuredMap = {
  phaseMs,
  classes: map.classes.length,
  classPairs,
  podPairs: counts.reduce((sum, count) => sum + count, 0),
  namespacePairs: counts.filter((count) => count > 0).length,
  peakBytes: peakBytes(),
};
process.stdout.write(JSON.stringify(result));
