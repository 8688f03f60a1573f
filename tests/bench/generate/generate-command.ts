import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Context, UsageError } from "../context.ts";
import { inputOptions, inputText, inputsOf } from "../input-options.ts";
import { grouped } from "../output/figures.ts";
import { generateCluster } from "./generate-cluster.ts";
import { manifestFiles } from "./manifests.ts";
import { writeManifests } from "./write-manifests.ts";

/** `generate PROFILE --out DIR`: writes what is measured, for other tools to be run on. */
export function generateCommand(args: readonly string[], context: Context): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...inputOptions, out: { type: "string" } },
    allowPositionals: true,
  });
  const [input, another] = inputsOf(positionals, values, ["pods"]);
  if (input === undefined || another !== undefined) throw new UsageError("name one profile, one mix and one form");
  if (values.out === undefined) throw new UsageError("name an empty or new folder with --out DIR");
  const folder = resolve(context.cwd, values.out);
  // What was there would be read with it.
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new UsageError(`${values.out} is not empty`);
  const files = manifestFiles(generateCluster(input), input);
  const bytes = writeManifests(files, folder);
  context.print(`${inputText(input)}: ${grouped(files.length)} files, ${grouped(bytes)} bytes in ${values.out}\n`);
  return 0;
}
