import { decodeRaw } from "@podwall/engine";
import { type KubeClient, resources } from "@podwall/kube";
import { type Check, nameOf, orMissing } from "./check.ts";
import type { NodeAnswer } from "./fleet.ts";

/** That a pod's own node enforces what is written of it; undefined where there is no such pod. */
export async function podCheck(
  client: KubeClient,
  { namespace, name }: { readonly namespace?: string; readonly name: string },
  signal: AbortSignal,
): Promise<Check | undefined> {
  const what = nameOf({ kind: "Pod", ...(namespace === undefined ? {} : { namespace }), name });
  const get = (within: AbortSignal) => orMissing(client.get(resources.pods, { namespace, name, signal: within }));
  if ((await get(signal)) === undefined) return undefined;
  return {
    done: `${what} is enforced`,
    missing: async (ask, within) => {
      // Read each time: it gets its node and addresses only after it is written.
      const raw = await get(within);
      if (raw === undefined) return [`${what}: it is gone`];
      const { object: pod } = decodeRaw(raw, { apiVersion: "v1", kind: "Pod" });
      if (pod?.kind !== "Pod") return [`${what}: it cannot be read`];
      if (pod.hostNetwork) return [];
      if (pod.node === undefined) return [`${what}: it has no node yet`];
      if (pod.addresses.length === 0) return [`${what}: it has no address yet`];
      const because = whyMissing(
        { key: `${namespace}/${name}`, node: pod.node, version: Number(raw.metadata.resourceVersion) },
        await ask(pod.node),
      );
      return because === undefined ? [] : [`${what} on ${pod.node}: ${because}`];
    },
  };
}

function whyMissing(
  pod: { readonly key: string; readonly node: string; readonly version: number },
  answers: readonly NodeAnswer[],
): string | undefined {
  const answered = answers.find(({ node }) => node === pod.node);
  if (answered === undefined || answered.kind === "no agent") return "it has no agent";
  if (answered.kind === "no answer") return answered.because;
  const { ready, because, stale, pending, versions, closedPods } = answered.answer;
  const closed = closedPods.find((one) => one.pod === pod.key);
  if (closed !== undefined) return closed.because;
  if (!ready) return because ?? "its agent is not ready";
  if ((versions.get("pods") ?? 0) < pod.version)
    return stale.get("pods") ?? "its agent does not know the pod as it is now yet";
  return pending ? "its agent is putting a change in force" : undefined;
}
