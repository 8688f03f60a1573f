// npm start: installs and builds what is missing, then runs the lab on the online shop or on what -f names.
import { relative } from "node:path";
import { pathToFileURL } from "node:url";
import { buildWhenStale } from "./lib/bundle.mjs";
import { endWithNpm } from "./lib/end-with-npm.mjs";
import { main } from "./lib/main.mjs";
import { fromRoot } from "./lib/root.mjs";
import { setup } from "./lib/setup.mjs";
import { installSystemTools } from "./lib/system-tools.mjs";

await main(async (args) => {
  await setup();
  await installSystemTools();
  await buildWhenStale();
  endWithNpm();
  const podwall = fromRoot("apps/cli/bin/podwall.mjs");
  const shop = relative(process.cwd(), fromRoot("examples/online-shop"));
  const input = args.some((arg) => /^(-f|--file)/.test(arg)) ? [] : ["-f", shop];
  // In this process: signals and the exit code are then the lab's own, and nothing is left when one of two is killed.
  process.argv = [process.execPath, podwall, "lab", ...input, ...args];
  await import(pathToFileURL(podwall).href);
});
