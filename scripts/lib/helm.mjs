import { goProgram } from "./go-program.mjs";
import { Problem } from "./main.mjs";
import { run } from "./run.mjs";

/** @type {import("./go-program.mjs").GoProgram} */
export const helmProgram = { name: "helm", module: "tests/helm", package: "helm.sh/helm/v4/cmd/helm" };

/**
 * What Helm prints; a Problem with all that it says where it fails. Reads and writes nothing of the user's Helm.
 * @param {readonly string[]} args
 */
export async function helm(args) {
  const program = await goProgram(helmProgram);
  const nowhere = { HELM_CONFIG_HOME: "/nonexistent", HELM_DATA_HOME: "/nonexistent", HELM_CACHE_HOME: "/nonexistent" };
  const { code, output } = await run(program, args, { output: "keep", env: nowhere });
  if (code !== 0) throw new Problem(`helm ${args[0]} failed:\n${output.trimEnd()}`);
  return output;
}
