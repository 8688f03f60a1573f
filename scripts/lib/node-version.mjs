import { readFileSync } from "node:fs";
import { Problem } from "./main.mjs";
import { fromRoot } from "./root.mjs";

/** Stops when this Node is older than the one that package.json asks for. */
export function requireNode() {
  /** @type {{ engines: { node: string } }} */
  const { engines } = JSON.parse(readFileSync(fromRoot("package.json"), "utf8"));
  const wanted = engines.node.replace(">=", "");
  if (isOlder(process.versions.node, wanted)) {
    throw new Problem(`podwall needs Node ${wanted} or later; this is Node ${process.versions.node}.`, 3);
  }
}

/**
 * Whether one `major.minor.patch` comes before another.
 * @param {string} version
 * @param {string} wanted
 */
export function isOlder(version, wanted) {
  const have = version.split(".").map(Number);
  for (const [index, need] of wanted.split(".").map(Number).entries()) {
    const number = have[index] ?? 0;
    if (number !== need) return number < need;
  }
  return false;
}
