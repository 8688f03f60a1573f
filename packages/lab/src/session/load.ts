import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { readPaths } from "@podwall/agent";
import { type ApiObject, type Diagnostic, type SourceFile, readManifests } from "@podwall/engine";
import type { LabContext } from "./lab-context.ts";

/** The texts of the manifests now. */
export interface ReadFiles {
  readonly files: readonly SourceFile[];
  /** What could not be read at all. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What is in the manifests. */
export interface Loaded {
  readonly objects: readonly ApiObject[];
  readonly diagnostics: readonly Diagnostic[];
}

export function read(paths: readonly string[], context: LabContext): Promise<ReadFiles> {
  return readPaths(paths, context);
}

export function load({ files }: ReadFiles): Loaded {
  const { objects, diagnostics } = readManifests(files);
  return { objects, diagnostics };
}

/** What of some paths cannot be read a second time: standard input, or a pipe such as a shell's `<(…)`. */
export async function readableOnce(paths: readonly string[], cwd: string): Promise<string | undefined> {
  for (const path of paths) {
    if (path === "-") return "standard input";
    const stats = await stat(resolve(cwd, path)).catch(() => undefined);
    if (stats !== undefined && !stats.isFile() && !stats.isDirectory()) return path;
  }
  return undefined;
}

/** The same text for the same content. */
export function contentOf({ files }: ReadFiles): string {
  return JSON.stringify(files.map(({ name, text }) => [name, text]));
}
