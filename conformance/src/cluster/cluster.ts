import { join } from "node:path";
import type { Prepared } from "../settings.ts";
import { makeCredentials } from "./certificates.ts";
import { startControlPlane } from "./control-plane.ts";
import { layNetwork } from "./network.ts";
import { startNode } from "./node.ts";
import { type NodePlan, nodePlans } from "./plan.ts";
import { type RunOptions, outputOf, run } from "./processes.ts";
import { until } from "./until.ts";

/** A running cluster. It ends with the namespaces that it is in. */
export interface Cluster {
  readonly nodes: readonly [NodePlan, ...NodePlan[]];
  readonly kubeconfig: string;
  /** What kubectl prints, as the administrator. Rejects with what it says where it fails. */
  kubectl(args: readonly string[], options?: RunOptions): Promise<string>;
}

/** Starts a whole cluster in this process's namespaces; its nodes are ready afterwards. */
export async function startCluster(prepared: Prepared, say: (text: string) => void): Promise<Cluster> {
  const nodes = nodePlans(prepared.settings);
  const [first] = nodes;
  await layNetwork(nodes, prepared.settings);
  const credentials = await makeCredentials(join(prepared.work, "credentials"), first.address);
  await startControlPlane(prepared, first, credentials);
  say("API server ready");
  await Promise.all(nodes.map((node) => startNode(prepared, node, credentials)));
  const kubeconfig = credentials.kubeconfig("admin");
  const program = [prepared.programs["kubectl"] ?? "kubectl", `--kubeconfig=${kubeconfig}`];
  const cluster: Cluster = {
    nodes,
    kubeconfig,
    kubectl: (args, options) => outputOf([...program, ...args], {}, options),
  };
  for (const { name, podRanges } of nodes) {
    await until(`${name} is there`, async () => (await run([...program, "get", "node", name])).code === 0);
    const spec = { podCIDR: podRanges[0], podCIDRs: podRanges };
    await cluster.kubectl(["patch", "node", name, "--patch", JSON.stringify({ spec })]);
  }
  await cluster.kubectl(["wait", "--for=condition=Ready", "node", "--all", "--timeout=120s"]);
  await until("the default service account is there", async () => {
    return (await run([...program, "get", "serviceaccount", "default"])).code === 0;
  });
  say(`${nodes.length === 1 ? "node" : `${nodes.length} nodes`} ready`);
  return cluster;
}
