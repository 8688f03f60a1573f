import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * A folder of the user's cache for what the image is built from; made if it is not there.
 * @param {string} name
 */
export function cacheFolder(name) {
  const folder = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "podwall", "image", name);
  mkdirSync(folder, { recursive: true });
  return folder;
}
