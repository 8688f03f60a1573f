import { existsSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { Problem, say } from "./main.mjs";
import { fromRoot } from "./root.mjs";
import { run, runNode } from "./run.mjs";

/** @typedef {import("./lock.mjs").Lock} Lock */

/** Installs the npm packages when node_modules is not what package-lock.json says. */
export async function installPackages() {
  if (packagesAreCurrent()) return;
  say("Installing npm packages …");
  // Development dependencies are wanted even where NODE_ENV or npm's own settings leave them out.
  const { code, output } = await runNpm(["ci", "--include=dev", "--include=optional", "--no-progress"], {
    output: "keep",
  });
  if (code !== 0) throw new Problem(`${output.trimEnd()}\nnpm ci failed with exit code ${code}; its output is above.`);
}

function packagesAreCurrent() {
  const lock = readJson("package-lock.json");
  const installed = readJson("node_modules/.package-lock.json");
  return lock !== undefined && installed !== undefined && manifestsMatch(lock) && isInstalled(lock, installed);
}

/**
 * Whether everything a lock names is installed in its version, and nothing else. `installed` is the record that
 * npm writes into node_modules as its last step; it has no entries for workspaces and for other systems' packages.
 * @param {Lock} lock
 * @param {Lock} installed
 */
export function isInstalled(lock, installed) {
  const wanted = Object.entries(lock.packages).filter(([path]) => path.startsWith("node_modules/"));
  const found = installed.packages;
  const allThere = wanted.every(([path, entry]) =>
    found[path] === undefined ? entry.optional === true : found[path].version === entry.version,
  );
  return allThere && Object.keys(found).every((path) => lock.packages[path] !== undefined);
}

/**
 * Whether the lock was made from the package.json files as they are now.
 * @param {Lock} lock
 */
function manifestsMatch(lock) {
  const workspaces = Object.keys(lock.packages).filter((path) => !path.includes("node_modules/"));
  return workspaces.every((path) => {
    /** @type {import("./lock.mjs").LockedPackage | undefined} */
    const manifest = readJson(path === "" ? "package.json" : `${path}/package.json`);
    const locked = lock.packages[path];
    return (
      isDeepStrictEqual(manifest?.dependencies ?? {}, locked?.dependencies ?? {}) &&
      isDeepStrictEqual(manifest?.devDependencies ?? {}, locked?.devDependencies ?? {})
    );
  });
}

/**
 * A JSON file of the checkout; undefined when it is not there.
 * @param {string} path
 */
function readJson(path) {
  const file = fromRoot(path);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/**
 * @param {readonly string[]} args
 * @param {{ output: "keep" | "show" }} options
 */
export function runNpm(args, options) {
  // The npm that runs this script, where there is one, so that PATH need not hold it.
  const npm = process.env["npm_execpath"];
  return npm?.endsWith(".js") ? runNode(npm, args, options) : run("npm", args, options);
}
