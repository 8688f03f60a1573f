#!/usr/bin/env node
// Runs podwall, and installs and builds it first where that is needed: what the GitHub Action and the pre-commit hooks start.
import { pathToFileURL } from "node:url";
import { buildWhenStale } from "./lib/bundle.mjs";
import { main } from "./lib/main.mjs";
import { fromRoot } from "./lib/root.mjs";
import { setup } from "./lib/setup.mjs";

await main(async (args) => {
  await setup();
  await buildWhenStale();
  const podwall = fromRoot("apps/cli/bin/podwall.mjs");
  process.argv = [process.execPath, podwall, ...args];
  await import(pathToFileURL(podwall).href);
});
