import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { toolEnv } from "./run.ts";

/** Programs that the lab runs. */
const tools = ["unshare", "nsenter", "mount", "ip", "nft", "conntrack"];

/** Those of them that are not installed. */
export function missingTools(): readonly string[] {
  if (process.platform !== "linux") return [];
  return tools.filter((tool) => toolPath(tool) === undefined);
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
