import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type KubeClient, KubeError, listObjects, resources } from "@podwall/kube";
import { type PodState, podState } from "../probing/pod-state.ts";
import type { Round } from "../probing/read-rounds.ts";
import { roundsOfPod } from "../probing/rounds-of-pod.ts";
import { type NumberedTrial, type StandIn, madeBy, standInPod } from "./stand-in.ts";

const labelSelector = Object.entries(madeBy)
  .map(([key, value]) => `${key}=${value}`)
  .join(",");

/** Stand-ins for the sources of trials: one for each source. Their names are new in every run. */
export function planStandIns(trials: readonly NumberedTrial[]): readonly StandIn[] {
  const run = randomBytes(4).toString("hex");
  const sources = [...new Set(trials.map(({ source }) => source))];
  return sources.map((like, index) => ({
    name: `podwall-probe-${run}-${index + 1}`,
    like,
    trials: trials.filter(({ source }) => source === like),
  }));
}

/** Creates them; gives those that the API server refused, by name and why. */
export async function createStandIns(
  client: KubeClient,
  standIns: readonly StandIn[],
  image: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const refused = new Map<string, string>();
  for (const standIn of standIns) {
    const { namespace } = standIn.like;
    try {
      const { metadata } = await client.get(resources.namespaces, { name: namespace, signal });
      const pod = standInPod(standIn, { image, namespaceUid: String(metadata["uid"]) });
      await client.create(resources.pods, pod, { namespace, signal });
    } catch (error) {
      if (!(error instanceof KubeError) || error.kind !== "status") throw error;
      refused.set(standIn.name, error.message);
    }
  }
  return refused;
}

/** Their states, by name, as soon as all have an address and run, or have failed, or the time is over. */
export async function runningStandIns(
  client: KubeClient,
  standIns: readonly StandIn[],
  { withinMs, signal }: { readonly withinMs: number; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, PodState>> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const states = new Map<string, PodState>();
    for (const { name, like } of standIns) {
      const at = { namespace: like.namespace, name, signal };
      states.set(name, podState(await client.get(resources.pods, at), ""));
    }
    const isThere = ({ phase, ip }: PodState) => phase === "Failed" || (phase === "Running" && ip !== undefined);
    if ([...states.values()].every(isThere) || Date.now() > deadline) return states;
    await pause(1_000, signal);
  }
}

/** The rounds of all, by name. */
export async function roundsOfAll(
  client: KubeClient,
  standIns: readonly StandIn[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly Round[]>> {
  const all = standIns.map(async ({ name, like }) => {
    return [name, await roundsOfPod(client, { namespace: like.namespace, name }, signal)] as const;
  });
  return new Map(await Promise.all(all));
}

/** Removes pods; those that are not there are gone. Gives whether all could be. */
export async function removePods(
  client: KubeClient,
  pods: readonly { readonly namespace: string; readonly name: string }[],
  say: (text: string) => void,
): Promise<boolean> {
  let isAll = true;
  for (const { namespace, name } of pods) {
    try {
      await client.delete(resources.pods, { namespace, name });
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      if (error.status?.code === 404) continue;
      say(`the pod ${namespace}/${name} could not be removed: ${error.message}; try: podwall probe --cleanup`);
      isAll = false;
    }
  }
  return isAll;
}

/** The pods that probes have made and not removed. */
export function probePods(
  client: KubeClient,
  signal: AbortSignal,
): Promise<readonly { readonly namespace: string; readonly name: string }[]> {
  return listObjects({
    client,
    resource: resources.pods,
    labelSelector,
    signal,
    keep: ({ metadata: { namespace = "", name } }) => ({ namespace, name }),
  });
}

export async function pause(timeMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(timeMs, undefined, { signal });
  } catch (cause) {
    throw new KubeError("stopped", "it was stopped", { cause });
  }
}
