import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Cluster, startCluster } from "./cluster/cluster.ts";
import { definePolicyKinds } from "./cluster/define-policy-kinds.ts";
import { installAgent } from "./cluster/install-agent.ts";
import { writeFailureLogs } from "./output/failure-logs.ts";
import { junit } from "./output/junit.ts";
import { resultTable, versionLines } from "./output/table.ts";
import type { Prepared, SuiteName } from "./settings.ts";
import { runClusterNetworkPolicySuite } from "./suites/cluster-network-policy.ts";
import { runCornersSuite } from "./suites/corners.ts";
import { runCyclonusSuite } from "./suites/cyclonus.ts";
import { runDoctorSuite, runDoctorUnenforced } from "./suites/doctor.ts";
import { runInstallSuite } from "./suites/install.ts";
import { runNetworkPolicySuite } from "./suites/network-policy.ts";
import { runProbeSuite, runProbeUnenforced } from "./suites/probe.ts";
import type { Result, SuiteContext } from "./suites/result.ts";

// Runs inside the namespaces that scripts/conformance.mjs makes, with all that it prepared outside.
const startedAt = Date.now();

try {
  process.exitCode = await runAll(JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")));
} catch (error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 3;
}
// The cluster's programs are still children; they end with the namespaces.
process.exit();

async function runAll(prepared: Prepared): Promise<number> {
  const { settings, results: folder } = prepared;
  const cluster = await startCluster(prepared, say);
  if (settings.suites.includes("cluster-network-policy")) await definePolicyKinds(prepared.policyApi, cluster);
  const unenforced: Result[] = [];
  if (!settings.withoutAgent) {
    if (!settings.hold) unenforced.push(...(await runUnenforced(prepared, cluster)));
    await installAgent(prepared, cluster);
    say("podwall's agents ready");
  }
  if (settings.hold) return hold(prepared, cluster);
  const rounds: Result[][] = [];
  const report = (): string => `${versionLines(prepared)}\n\n${resultTable(rounds)}`;
  for (let round = 1; round <= settings.rounds; round++) {
    const results: Result[] = round === 1 ? unenforced : [];
    rounds.push(results);
    for (const suite of settings.suites) {
      results.push(...(await runSuite(suite, prepared, cluster, round)));
      // After each, so that a run that is ended early has something to show.
      writeFileSync(join(folder, "junit.xml"), junit(rounds.flat()));
      writeFileSync(join(folder, "table.md"), `${report()}\n`);
    }
  }
  process.stdout.write(`${report()}\n`);
  const all = rounds.flat();
  const isGood = all.some(({ state }) => state === "passed") && all.every(({ state }) => state !== "failed");
  return isGood ? 0 : 1;
}

async function runSuite(
  suite: SuiteName,
  prepared: Prepared,
  cluster: Cluster,
  round: number,
): Promise<readonly Result[]> {
  const folder = join(prepared.results, suite, `round-${round}`);
  const context = contextIn(folder, cluster);
  const runs = {
    install: () => runInstallSuite(prepared, cluster, context),
    doctor: () => runDoctorSuite(prepared, cluster, context),
    probe: () => runProbeSuite(prepared, cluster, context),
    corners: () => runCornersSuite(prepared, cluster, context),
    "network-policy": () => runNetworkPolicySuite(prepared, context),
    cyclonus: () => runCyclonusSuite(prepared, cluster, context),
    "cluster-network-policy": () => runClusterNetworkPolicySuite(prepared, context),
  };
  const results = await runs[suite]().catch((error: unknown): readonly Result[] => {
    const output = error instanceof Error ? (error.stack ?? error.message) : String(error);
    say(`${suite}: ${output}`);
    return [{ suite, name: "runs to its end", state: "failed", seconds: 0, output }];
  });
  if (!prepared.settings.withoutAgent) await writeFailureLogs(results, cluster, join(folder, "failed"));
  return results;
}

/** What is run before there is an agent. */
async function runUnenforced(prepared: Prepared, cluster: Cluster): Promise<readonly Result[]> {
  const { settings, results: folder } = prepared;
  const results: Result[] = [];
  if (settings.suites.includes("doctor"))
    results.push(...(await runDoctorUnenforced(prepared, contextIn(join(folder, "doctor"), cluster))));
  if (settings.suites.includes("probe"))
    results.push(...(await runProbeUnenforced(prepared, cluster, contextIn(join(folder, "probe"), cluster))));
  return results;
}

function contextIn(folder: string, { kubeconfig }: Cluster): SuiteContext {
  mkdirSync(folder, { recursive: true });
  return { kubeconfig, folder, say };
}

async function hold(prepared: Prepared, cluster: Cluster): Promise<number> {
  copyFileSync(cluster.kubeconfig, join(prepared.results, "kubeconfig"));
  const kubectl = `${prepared.programs["kubectl"]} --kubeconfig=${cluster.kubeconfig}`;
  say(`The cluster runs until Ctrl-C. Enter it with: nsenter -t $(cat ${prepared.results}/pid) -m -n -p`);
  say(`Inside: ${kubectl} get pods -A`);
  for (;;) await sleep(60_000);
}

function say(text: string): void {
  process.stderr.write(`${String(Math.round((Date.now() - startedAt) / 1000)).padStart(5)} s  ${text}\n`);
}
