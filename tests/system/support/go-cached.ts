import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * A program that the PATH has, or that was built from a Go module into podwall's cache; undefined where there is neither. What
 * needs it is skipped then, with that as the reason.
 */
export function programFound(name: string): string | undefined {
  const found = spawnSync("sh", ["-c", 'command -v "$1"', "sh", name], { encoding: "utf8" });
  if (found.status === 0) return found.stdout.trim();
  const cache = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "podwall", "go");
  const built = existsSync(cache) ? readdirSync(cache).map((folder) => join(cache, folder, name)) : [];
  return built.find((path) => existsSync(path));
}
