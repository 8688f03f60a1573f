import { type Cluster, type Coverage, coverageOf } from "@podwall/engine";
import { coverageText } from "@podwall/report";
import { styleFor } from "./colour.ts";
import type { Context } from "./context.ts";
import type { LoadedManifests } from "./load-manifests.ts";

/** What became of manifests. */
export function coverageIn(manifests: LoadedManifests, cluster: Cluster): Coverage {
  return coverageOf(manifests, manifests.files.length, cluster);
}

/**
 * Ends a run with what was read and what was not judged by: after an answer in text, on stderr beside one in a format for
 * programs. JSON has it as a field.
 */
export function sayCoverage(context: Context, coverage: Coverage, format: string): void {
  if (format === "json") return;
  const output = format === "text" ? context.process.stdout : context.process.stderr;
  const style = styleFor(output);
  const [counts = "", ...warnings] = coverageText(coverage, style).split("\n");
  output.write(`${[style.dim(`read ${counts}`), ...warnings].join("\n")}\n`);
}
