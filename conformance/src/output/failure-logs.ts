import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../cluster/cluster.ts";
import { agentNamespace } from "../cluster/install-agent.ts";
import { run } from "../cluster/processes.ts";
import type { Result } from "../suites/result.ts";

/** For every failed spec a folder with what it said, what each agent logged meanwhile, and each node's rules at the end. */
export async function writeFailureLogs(results: readonly Result[], cluster: Cluster, folder: string): Promise<void> {
  const failed = results.filter(({ state }) => state === "failed");
  if (failed.length === 0) return;
  const agents = await agentLogs(cluster);
  for (const result of failed) {
    const own = join(folder, result.name.replaceAll(/[^A-Za-z0-9]+/g, "-").slice(0, 150));
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, "output.txt"), result.output ?? "");
    for (const [node, log] of agents) writeFileSync(join(own, `agent-${node}.log`), during(result, log));
    for (const { name } of cluster.nodes) {
      const { stdout } = await run(["nft", "list", "ruleset"], { netns: name });
      writeFileSync(join(own, `rules-at-the-end-${name}.nft`), stdout);
    }
  }
}

/** What each node's agent logged, each line with its time before it. */
async function agentLogs(cluster: Cluster): Promise<ReadonlyMap<string, string>> {
  const template = "jsonpath={range .items[*]}{.spec.nodeName} {.metadata.name}{'\\n'}{end}";
  const listed = await cluster.kubectl(["-n", agentNamespace, "get", "pods", "-o", template]);
  const logs = new Map<string, string>();
  for (const line of listed.trim().split("\n").filter(Boolean)) {
    const [node = "", pod = ""] = line.split(" ");
    logs.set(node, await cluster.kubectl(["-n", agentNamespace, "logs", pod, "--timestamps"]));
  }
  return logs;
}

function during({ startedAtMs, seconds }: Result, log: string): string {
  if (startedAtMs === undefined) return log;
  const lines = log.split("\n").filter((line) => {
    const at = Date.parse(line.split(" ")[0] ?? "");
    return at >= startedAtMs - 2_000 && at <= startedAtMs + seconds * 1_000 + 2_000;
  });
  return lines.join("\n");
}
