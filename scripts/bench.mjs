// npm run bench -- NAME: bundles the bench as the command line is bundled, and runs it. Without a name it says what there is.
import { pathToFileURL } from "node:url";
import { bundle } from "./lib/bundle.mjs";
import { endWithNpm } from "./lib/end-with-npm.mjs";
import { main } from "./lib/main.mjs";
import { fromRoot } from "./lib/root.mjs";
import { setup } from "./lib/setup.mjs";

const folder = "node_modules/.cache/bench";

/** The bench itself, and the programs that it measures or asks. */
const programs = {
  bench: "tests/bench/main.ts",
  "measured-map": "tests/bench/map/measured-map.ts",
  "checked-map": "tests/bench/map/checked-map.ts",
  "measured-evaluation": "tests/bench/evaluation/measured-evaluation.ts",
  "measured-threads": "tests/bench/evaluation/measured-threads.ts",
  podwall: "apps/cli/src/main.ts",
  pod: "packages/lab/src/pod/main.ts",
  "scale-watchers": "tests/bench/scale/watchers.ts",
  "measured-diff": "tests/bench/diff/measured-diff.ts",
  "checked-diff": "tests/bench/diff/checked-diff.ts",
  "measured-update": "tests/bench/update/measured-update.ts",
  "measured-memory": "tests/bench/memory/measured-memory.ts",
  "measured-connect": "tests/bench/connect/measured-connect.ts",
};

await main(async () => {
  await setup();
  await Promise.all(Object.entries(programs).map(([name, entry]) => bundle(name, entry, folder)));
  endWithNpm();
  // Nothing else may run while something is measured.
  const { stop } = await import("esbuild");
  await stop();
  await import(pathToFileURL(fromRoot(folder, "bench.mjs")).href);
});
