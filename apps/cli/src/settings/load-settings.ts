import type { SourceFile } from "@podwall/engine";
import { printable } from "@podwall/report";
import type { Context } from "../context.ts";
import { FindSettings, noSettings } from "./find-settings.ts";
import type { Settings } from "./read-settings.ts";

/** The settings for each file; undefined, with the reason said and the exit code set, where some cannot be used. */
export async function loadSettings(
  context: Context,
  files: readonly SourceFile[],
): Promise<((file: SourceFile) => Settings) | undefined> {
  const find = new FindSettings(context.cwd);
  const byName = new Map<string, Settings>();
  const problems = new Set<string>();
  for (const file of files) {
    const found = await find.for(file);
    if (found?.kind === "problems") for (const problem of found.problems) problems.add(problem);
    else if (found !== undefined) byName.set(file.name, found.settings);
  }
  for (const problem of problems) context.process.stderr.write(`podwall: ${printable(problem)}\n`);
  if (problems.size > 0) {
    context.exitCode = 2;
    return undefined;
  }
  return ({ name }) => byName.get(name) ?? noSettings;
}
