// npm run lock: after package.json changed, installs, and writes a package-lock.json that is good on every system.
import { readFileSync, writeFileSync } from "node:fs";
import { entryFromName, missingFromLock } from "./lib/lock.mjs";
import { Problem, main, say } from "./lib/main.mjs";
import { runNpm } from "./lib/packages.mjs";
import { fromRoot } from "./lib/root.mjs";

await main(async (args) => {
  const { code } = await runNpm(["install", ...args], { output: "show" });
  if (code !== 0) throw new Problem("npm install failed; its output is above.");
  const file = fromRoot("package-lock.json");
  /** @type {import("./lib/lock.mjs").Lock} */
  const lock = JSON.parse(readFileSync(file, "utf8"));
  const missing = missingFromLock(lock);
  for (const one of missing) {
    const entry = entryFromName(one);
    if (entry === undefined)
      throw new Problem(`package-lock.json lacks ${one.name}, and its name does not say for which system it is.`);
    lock.packages[`node_modules/${one.name}`] = entry;
  }
  const packages = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en"));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2)}\n`);
  say(`Added ${missing.length} packages of other systems to package-lock.json.`);
});
