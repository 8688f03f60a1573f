import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Prepared } from "../settings.ts";
import { ciSpecs } from "./ci-share.ts";
import { followOutput } from "./follow-output.ts";
import { readGinkgoReport } from "./ginkgo-report.ts";
import { type Result, type SuiteContext, needsSctp } from "./result.ts";

const suite = "network-policy";
/** The program holds more of upstream's tests than these. */
const ownFiles = "/network/netpol/";
const sctp = "SCTPConnectivity";

/** Runs upstream's end-to-end tests of NetworkPolicy, some at a time. */
export async function runNetworkPolicySuite(prepared: Prepared, context: SuiteContext): Promise<readonly Result[]> {
  const { programs, settings } = prepared;
  const focus = focusOf(settings);
  const argv = [
    programs["ginkgo"] ?? "ginkgo",
    "run",
    `--procs=${settings.processes}`,
    "--no-color",
    "-v",
    "--timeout=3h",
    `--focus-file=${ownFiles}`,
    ...(focus === undefined ? [] : [`--focus=${focus}`]),
    ...(prepared.hasSctp ? [] : [`--skip=${sctp}`]),
    "--json-report=report.json",
    `--output-dir=${context.folder}`,
    programs["network-policy.test"] ?? "network-policy.test",
    "--",
    "--provider=local",
    `--kubeconfig=${context.kubeconfig}`,
    "--minStartupPods=0",
    "--allowed-not-ready-nodes=0",
    "--dump-logs-on-failure=false",
  ];
  let finished = 0;
  await followOutput(argv, join(context.folder, "output.log"), (line) => {
    if (line.startsWith("• ")) context.say(`${suite}: ${++finished} done ${line.slice("• ".length)}`);
  });
  return resultsIn(readFileSync(join(context.folder, "report.json"), "utf8"), focus);
}

function focusOf({ focus, share }: Prepared["settings"]): string | undefined {
  if (focus !== undefined) return focus;
  return share === "ci" ? ciSpecs.networkPolicy.join("|") : undefined;
}

/** Those of this suite that were wanted; Ginkgo reports all that the program holds. */
function resultsIn(report: string, focus: string | undefined): readonly Result[] {
  const wanted = new RegExp(focus ?? "");
  return readGinkgoReport(report)
    .filter(({ name, file }) => file.includes(ownFiles) && wanted.test(name))
    .map(({ name, result }): Result => {
      const reason = result.state === "skipped" && name.includes(sctp) ? { reason: needsSctp } : {};
      return { suite, name, ...result, ...reason };
    });
}
