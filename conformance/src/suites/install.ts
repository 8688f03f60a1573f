import { readFileSync, readdirSync } from "node:fs";
import { agentNamespace, installAgent, uninstallAgent } from "../cluster/install-agent.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { outputOf } from "../cluster/processes.ts";
import type { Prepared } from "../settings.ts";
import type { Result, SuiteContext } from "./result.ts";

const suite = "install";
/** CAP_NET_ADMIN alone, as `/proc/PID/status` writes it. */
const netAdmin = "0000000000001000";

/** Looks at the agents as they were installed: podwall's own tests, not upstream's. */
export async function runInstallSuite(
  prepared: Prepared,
  cluster: Cluster,
  context: SuiteContext,
): Promise<readonly Result[]> {
  const tests: Readonly<Record<string, () => Promise<void>>> = {
    "every agent has NET_ADMIN and no other power, and can gain none": async () => {
      for (const { status } of agents(cluster.nodes.length)) {
        for (const set of ["CapPrm", "CapEff", "CapBnd"]) expectSame(set, field(status, set), netAdmin);
        expectSame("CapAmb", field(status, "CapAmb"), "0".repeat(16));
        expectSame("NoNewPrivs", field(status, "NoNewPrivs"), "1");
        // 2 is a filter of system calls.
        expectSame("Seccomp", field(status, "Seccomp"), "2");
      }
    },
    "every agent has a root that cannot be written to": async () => {
      for (const { mounts } of agents(cluster.nodes.length)) {
        const options = mounts.find(([, path]) => path === "/")?.[3]?.split(",") ?? [];
        expectSame("/ is mounted", options.includes("ro") ? "ro" : "rw", "ro");
      }
    },
    "the agents' service account may read what it watches and nothing more": async () => {
      const may = async (verb: string, what: string): Promise<string> => {
        const as = `--as=system:serviceaccount:${agentNamespace}:podwall`;
        const answer = cluster.kubectl(["auth", "can-i", verb, what, as, "--all-namespaces"]);
        // It exits with 1 for no.
        return (await answer.catch(() => "no")).trim();
      };
      for (const what of ["pods", "namespaces", "nodes", "networkpolicies"])
        expectSame(`list ${what}`, await may("list", what), "yes");
      for (const what of ["get secrets", "list configmaps", "create pods", "patch nodes", "delete networkpolicies"]) {
        const [verb = "", kind = ""] = what.split(" ");
        expectSame(what, await may(verb, kind), "no");
      }
    },
    "the rules stay on every node when the agents are uninstalled, and new agents take them over": async () => {
      const tables = () =>
        Promise.all(cluster.nodes.map(({ name }) => outputOf(["nft", "list", "tables"], { netns: name })));
      const isThere = (all: readonly string[]) => all.every((text) => text.includes("table inet podwall"));
      expectSame("the tables before", isThere(await tables()), true);
      await uninstallAgent(prepared, cluster);
      expectSame("the tables without agents", isThere(await tables()), true);
      await installAgent(prepared, cluster);
      expectSame("the tables after", isThere(await tables()), true);
    },
  };
  const results: Result[] = [];
  for (const [name, test] of Object.entries(tests)) {
    const startedAtMs = Date.now();
    const failure = await test().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
    const seconds = (Date.now() - startedAtMs) / 1000;
    results.push(
      failure === undefined
        ? { suite, name, state: "passed", seconds, startedAtMs }
        : { suite, name, state: "failed", seconds, startedAtMs, output: failure },
    );
    context.say(`${suite}: ${failure === undefined ? "passed" : "FAILED"}: ${name}`);
  }
  return results;
}

interface AgentProcess {
  readonly status: string;
  /** Fields of each mount, as `/proc/PID/mounts` has them. */
  readonly mounts: readonly (readonly string[])[];
}

/** The agents' processes; all of the cluster's are this namespace's. */
function agents(count: number): readonly AgentProcess[] {
  const found = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => textOf(`/proc/${pid}/cmdline`).includes("/usr/bin/podwall\0agent\0"))
    .map((pid) => ({
      status: textOf(`/proc/${pid}/status`),
      mounts: textOf(`/proc/${pid}/mounts`)
        .split("\n")
        .map((line) => line.split(" ")),
    }));
  expectSame("agents", found.length, count);
  return found;
}

/** A process may be gone by the time it is read. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function field(status: string, name: string): string | undefined {
  return new RegExp(`^${name}:\\s*(\\S+)`, "m").exec(status)?.[1];
}

function expectSame<Value>(what: string, is: Value, wanted: Value): void {
  if (is !== wanted) throw new Error(`${what}: ${String(is)}, and not ${String(wanted)}`);
}
