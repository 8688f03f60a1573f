import { existsSync, readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const root = "/sys/fs/cgroup";

/**
 * Removes a cgroup, and all below it, from every hierarchy. Nothing runs in it any more; the kernel may need a moment to know.
 * Gives what is left.
 * @param {string} name
 */
export async function removeCgroup(name) {
  const hierarchies = [root, ...readdirSync(root).map((entry) => join(root, entry))];
  /** @type {string[]} */
  let left = [];
  for (let attempt = 0; attempt < 50; attempt++) {
    left = hierarchies.flatMap((hierarchy) => removeTree(join(hierarchy, name)));
    if (left.length === 0) break;
    await sleep(100);
  }
  return left;
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function removeTree(folder) {
  if (!existsSync(folder)) return [];
  const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const left = below.flatMap(({ name }) => removeTree(join(folder, name)));
  try {
    rmdirSync(folder);
    return left;
  } catch {
    return [...left, folder];
  }
}
