import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { toolEnv } from "./run.ts";

/** Programs that the lab runs, and the packages that have them on Debian. */
const tools: ReadonlyMap<string, string> = new Map([
  ["unshare", "util-linux"],
  ["nsenter", "util-linux"],
  ["mount", "mount"],
  ["ip", "iproute2"],
  ["nft", "nftables"],
  ["conntrack", "conntrack"],
]);

/** Those of them that are not installed. */
export function missingTools(): readonly string[] {
  if (process.platform !== "linux") return [];
  return [...tools.keys()].filter((tool) => toolPath(tool) === undefined);
}

/** How to get what is missing. */
export function installText(missing: readonly string[]): string {
  const packages = new Set(missing.map((tool) => tools.get(tool) ?? tool));
  return `install what is missing; on Debian and Ubuntu: apt-get install ${[...packages].join(" ")}`;
}

/** Where a program is; the sbin folders count. */
export function toolPath(tool: string): string | undefined {
  const folders = (toolEnv()["PATH"] ?? "").split(delimiter);
  return folders.map((folder) => join(folder, tool)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
