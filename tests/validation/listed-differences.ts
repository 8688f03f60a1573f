import { readFileSync } from "node:fs";
import { join } from "node:path";

const page = join(import.meta.dirname, "../../docs/validation-differences.md");

/** From docs/validation-differences.md: for each difference, in how many manifests it shows. */
export function listedDifferences(): ReadonlyMap<string, number> {
  const rows = readFileSync(page, "utf8").matchAll(/^\| `([\w.-]+)` \| (\d+) \|/gm);
  return new Map([...rows].map(([, id = "", count]) => [id, Number(count)]));
}
