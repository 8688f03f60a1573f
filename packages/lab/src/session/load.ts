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

/** The same text for the same content. */
export function contentOf({ files }: ReadFiles): string {
  return JSON.stringify(files.map(({ name, text }) => [name, text]));
}
