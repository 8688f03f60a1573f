import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ManifestFile } from "./manifests.ts";

/** Writes manifests below a folder, and gives how many bytes. */
export function writeManifests(files: readonly ManifestFile[], folder: string): number {
  let bytes = 0;
  for (const { path, text } of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    bytes += Buffer.byteLength(text);
  }
  return bytes;
}
