import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../cluster/cluster.ts";
import type { Prepared } from "../settings.ts";
import type { Result, SuiteContext } from "./result.ts";
import { runPodwall } from "./run-podwall.ts";

const suite = "doctor";

interface Report {
  readonly rows: readonly {
    readonly id: string;
    readonly title: string;
    readonly verdict: "ok" | "not" | "open" | "unknown";
    readonly seen: string;
  }[];
}

/** `podwall doctor` in this cluster: a test for each of its rows, and that it leaves nothing; interrupted too, but for CI. */
export async function runDoctorSuite(
  prepared: Prepared,
  cluster: Cluster,
  context: SuiteContext,
): Promise<readonly Result[]> {
  const startedAtMs = Date.now();
  const whole = await runPodwall(prepared, context, ["doctor", "--format=json"]);
  writeFileSync(join(context.folder, "report.json"), whole.stdout);
  const wholeSeconds = (Date.now() - startedAtMs) / 1000;
  const rows = whole.stdout === "" ? [] : (JSON.parse(whole.stdout) as Report).rows;
  const results = rows.map(({ title, verdict, seen }): Result => {
    const common = { suite, name: `${title}: ${verdict}: ${seen}`, seconds: 0, startedAtMs };
    if (verdict === "unknown") return { ...common, state: "skipped", reason: seen };
    return verdict === "not" ? { ...common, state: "failed", output: seen } : { ...common, state: "passed" };
  });
  const test = (name: string, isGood: boolean, output: string, seconds = 0): Result =>
    isGood
      ? { suite, name, state: "passed", seconds, startedAtMs }
      : { suite, name, state: "failed", seconds, startedAtMs, output };
  const expected = results.some(({ state }) => state === "failed") ? 1 : 0;
  const left = await namespaces(cluster);
  const ofWhole = [
    ...results,
    test(`exits with ${expected}`, whole.code === expected, `exit code ${whole.code}\n${whole.stderr}`, wholeSeconds),
    test("leaves no namespace", left === "", left),
  ];
  if (prepared.settings.share === "ci") return ofWhole;
  const stopped = await runPodwall(prepared, context, ["doctor"], {
    says: "trying everything without policies",
    signal: "SIGINT",
  });
  const leftAfterwards = await namespaces(cluster);
  await runPodwall(prepared, context, ["doctor"], { says: "starting clients", signal: "SIGKILL" });
  const leftByKill = await namespaces(cluster);
  const cleanup = await runPodwall(prepared, context, ["doctor", "--cleanup"]);
  const isClean = cleanup.code === 0 && (await namespaces(cluster)) === "";
  const stoppedOutput = `exit code ${stopped.code}; left: ${leftAfterwards}\n${stopped.stderr}`;
  return [
    ...ofWhole,
    test("leaves no namespace at Ctrl-C either", stopped.code === 130 && leftAfterwards === "", stoppedOutput),
    test("removes with --cleanup what a killed doctor left", leftByKill !== "" && isClean, cleanup.stderr),
  ];
}

/** Rows that nothing but enforcement makes as the API says. */
const enforced = ["ingress", "default-deny", "egress", "udp", "end-port", "named-port", "sctp-rule", "startup-race"];

/** What doctor says where no agent is. */
export async function runDoctorUnenforced(prepared: Prepared, context: SuiteContext): Promise<readonly Result[]> {
  const startedAtMs = Date.now();
  const { code, stdout, stderr } = await runPodwall(prepared, context, [
    "doctor",
    "--format=json",
    "--enforce-timeout=1s",
  ]);
  writeFileSync(join(context.folder, "report-without-agent.json"), stdout);
  const rows = stdout === "" ? [] : (JSON.parse(stdout) as Report).rows;
  const isTold = code === 1 && enforced.every((id) => rows.some((row) => row.id === id && row.verdict === "not"));
  const common = { suite, name: "says without an agent that nothing is enforced", startedAtMs };
  const seconds = (Date.now() - startedAtMs) / 1000;
  if (isTold) return [{ ...common, seconds, state: "passed" }];
  return [{ ...common, seconds, state: "failed", output: `exit code ${code}\n${stdout}\n${stderr}` }];
}

function namespaces(cluster: Cluster): Promise<string> {
  return cluster.kubectl(["get", "namespaces", "--selector=podwall.dev/made-by=doctor", "--output=name"]);
}
