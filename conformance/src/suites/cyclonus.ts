import { join } from "node:path";
import type { Cluster } from "../cluster/cluster.ts";
import { outputOf } from "../cluster/processes.ts";
import type { Prepared } from "../settings.ts";
import { ciSpecs } from "./ci-share.ts";
import { type CyclonusCase, readCyclonusOutput } from "./cyclonus-output.ts";
import { followOutput } from "./follow-output.ts";
import type { Result, SuiteContext } from "./result.ts";

const suite = "cyclonus";
/** Of the usual share: each case whose number is a multiple of this. Cases of one kind follow one another. */
const usualStep = 10;
/** Where cyclonus' pods are, and where some cases make more of them. */
const namespaces = ["x", "y", "z", "y-2", "w"];

/** Runs cases that cyclonus generates, one after another: they share their pods. */
export async function runCyclonusSuite(
  { programs, settings, hasSctp }: Prepared,
  cluster: Cluster,
  context: SuiteContext,
): Promise<readonly Result[]> {
  const program = programs["cyclonus-cases"] ?? "cyclonus-cases";
  const all = readCyclonusOutput((await outputOf([program, "-list"])).split("\n")).listed;
  const chosen = all.filter((one) => isChosen(one, settings));
  if (chosen.length === 0) return [];
  const argv = [
    program,
    `-cases=${chosen.map((one) => one.case).join(",")}`,
    `-protocols=${hasSctp ? "TCP,UDP,SCTP" : "TCP,UDP"}`,
  ];
  const lines: string[] = [];
  const env = { KUBECONFIG: context.kubeconfig };
  try {
    await followOutput(
      argv,
      join(context.folder, "output.log"),
      (line) => {
        lines.push(line);
        const [ended] = readCyclonusOutput([line]).ended;
        if (ended !== undefined)
          context.say(
            `${suite}: ${ended.passed ? "passed" : "FAILED"}: ${nameOf(ended)} (${ended.seconds.toFixed(1)} s)`,
          );
      },
      env,
    );
  } finally {
    await cluster.kubectl(["delete", "namespace", "--ignore-not-found", ...namespaces]);
  }
  const { ended, unfinished } = readCyclonusOutput(lines);
  const without = hasSctp ? {} : { without: "SCTP probes" };
  return chosen.map((one): Result => {
    const found = ended.find((other) => other.case === one.case);
    const name = nameOf(one);
    if (found === undefined) return { suite, name, state: "failed", seconds: 0, output: unfinished };
    const { seconds, startedAtMs, said } = found;
    if (found.passed) return { suite, name, state: "passed", seconds, startedAtMs, ...without };
    return { suite, name, state: "failed", seconds, startedAtMs, output: said };
  });
}

/** Descriptions are not unique; numbers are, in one version of cyclonus. */
function nameOf({ case: number, description }: CyclonusCase): string {
  return `${number}: ${description}`;
}

function isChosen(one: CyclonusCase, { focus, share }: Prepared["settings"]): boolean {
  if (focus !== undefined) return new RegExp(focus).test(nameOf(one));
  if (share === "ci") return ciSpecs.cyclonus.some((number) => number === one.case);
  return share === "all" || one.case % usualStep === 0;
}
