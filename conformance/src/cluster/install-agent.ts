import { join } from "node:path";
import type { Prepared } from "../settings.ts";
import type { Cluster } from "./cluster.ts";
import { outputOf } from "./processes.ts";

export const agentNamespace = "podwall-system";

/** Installs the agent as its users do: the chart as it is, with the image that was built. It is ready everywhere afterwards. */
export async function installAgent(prepared: Prepared, cluster: Cluster): Promise<void> {
  const { programs, root, work, agentImage } = prepared;
  const colon = agentImage.lastIndexOf(":");
  const values = {
    "image.repository": agentImage.slice(0, colon),
    "image.tag": agentImage.slice(colon + 1),
    "image.pullPolicy": "Never",
  };
  await outputOf(
    [
      programs["helm"] ?? "helm",
      "install",
      "podwall",
      join(root, "charts/podwall"),
      `--namespace=${agentNamespace}`,
      "--create-namespace",
      ...Object.entries(values).map(([name, value]) => `--set-string=${name}=${value}`),
      `--kubeconfig=${cluster.kubeconfig}`,
    ],
    {},
    { env: helmFolders(work) },
  );
  await cluster.kubectl(["-n", agentNamespace, "rollout", "status", "daemonset/podwall", "--timeout=90s"]);
}

/** Takes the agents away; their pods are gone afterwards. */
export async function uninstallAgent({ programs, work }: Prepared, cluster: Cluster): Promise<void> {
  const helm = [programs["helm"] ?? "helm", "uninstall", "podwall", `--namespace=${agentNamespace}`];
  await outputOf([...helm, `--kubeconfig=${cluster.kubeconfig}`], {}, { env: helmFolders(work) });
  const selector = "--selector=app.kubernetes.io/name=podwall";
  await cluster.kubectl(["-n", agentNamespace, "wait", "--for=delete", "pod", selector, "--timeout=90s"]);
}

/** Helm is to read and write nothing of its user's. */
function helmFolders(work: string): Readonly<Record<string, string>> {
  return Object.fromEntries(["CONFIG", "DATA", "CACHE"].map((name) => [`HELM_${name}_HOME`, join(work, "helm")]));
}
