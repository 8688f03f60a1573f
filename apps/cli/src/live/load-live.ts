import { type ApiObject, type Pod, podKey } from "@podwall/engine";
import type { KubeErrorKind } from "@podwall/kube";
import { printable } from "@podwall/report";
import type { Context } from "../context.ts";
import type { SourceFlags } from "../flags.ts";
import type { LiveCluster } from "./read-live.ts";

/** Whether the command line asks for a cluster: `kubectl podwall` does, unless it names manifests. */
export function isLive(
  context: Context,
  { context: name, kubeconfig, namespace }: SourceFlags,
  paths: readonly string[],
): boolean {
  if (name !== undefined || kubeconfig !== undefined) return true;
  return paths.length === 0 && (namespace !== undefined || context.isKubectlPlugin === true);
}

/** Reads a cluster; undefined, with the exit code set and the reason said, where it cannot be. */
export async function loadLive(context: Context, flags: SourceFlags): Promise<LiveCluster | undefined> {
  const { AccessError, KubeClient, KubeError, findAccess } = await import("@podwall/kube");
  const { readLive } = await import("./read-live.ts");
  const { stderr, env = {} } = context.process;
  const progress = (text: string): void => {
    if (stderr.isTTY === true) stderr.write(`\r\u001b[K${text}`);
  };
  try {
    const access = await findAccess({ env, kubeconfig: flags.kubeconfig, context: flags.context });
    const client = new KubeClient({ access, userAgent: "podwall" });
    try {
      const onProgress = (read: string): void => progress(`reading ${printable(access.name)}: ${read}`);
      return await readLive({ client, namespace: flags.namespace, onProgress });
    } finally {
      client.close();
      progress("");
    }
  } catch (error) {
    if (!(error instanceof AccessError || error instanceof KubeError)) throw error;
    stderr.write(`podwall: ${printable(error.message)}\n`);
    context.exitCode = error instanceof KubeError && isNoAnswer(error.kind) ? 3 : 2;
    return undefined;
  }
}

/** Pods with the workloads that they are replicas of, which pods do not say in their own fields. */
export function withWorkloads(
  objects: readonly ApiObject[],
  workloads: LiveCluster["workloads"],
): readonly ApiObject[] {
  return objects.map((object) => {
    const workload = object.kind === "Pod" ? workloads.get(podKey(object)) : undefined;
    return workload === undefined ? object : ({ ...object, workload } as Pod);
  });
}

/** Whether an API server was not there to be asked, whatever it would have said. */
function isNoAnswer(kind: KubeErrorKind): boolean {
  return kind === "unreachable" || kind === "timeout" || kind === "garbled";
}
