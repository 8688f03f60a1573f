import { type KubeClient, KubeError, type KubeObject, type WatchEvent, listObjects, sleep } from "@podwall/kube";
import type { Kept, KeptKind } from "./kept-kind.ts";

export interface ReadWantedOptions {
  readonly client: KubeClient;
  readonly kind: KeptKind;
  /** Called as by the kind's watch. */
  readonly onEvent: (event: WatchEvent<Kept>) => void;
  readonly signal: AbortSignal;
}

/** Between two looks, on average, so that the agents of very many nodes do not all ask at once. */
const everyMs = 5_000;

/**
 * Reads policies anew that were let go of and have room again, until the signal is aborted: a watch does not tell of them a second
 * time. What fails is tried again. Rejects only with bugs.
 */
export async function readWanted({ client, kind, onEvent, signal }: ReadWantedOptions): Promise<void> {
  while (!signal.aborted) {
    await sleep(client.clock, everyMs * (0.5 + client.clock.random()), signal);
    for (const [key, version] of kind.wanted) {
      if (signal.aborted) return;
      const raw = await read(client, kind, key, signal);
      // A newer one is the watch's to tell of: what it tells must come in order.
      const isMeant = raw?.metadata.resourceVersion === version && kind.wanted.get(key) === version;
      if (isMeant && !signal.aborted) onEvent({ kind: "changed", key, object: kind.decode(raw) });
    }
  }
}

/** An object as the API server has it; undefined where that cannot be learnt. By a list: an agent may not get policies. */
async function read(
  client: KubeClient,
  { watched }: KeptKind,
  key: string,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  const [namespace, name] = key.split("/");
  const { resource } = watched;
  const fieldSelector = `metadata.name=${name}`;
  try {
    const keep = (raw: KubeObject): KubeObject => raw;
    return (await listObjects({ client, resource, namespace, fieldSelector, signal, keep }))[0];
  } catch (error) {
    // The watch says what is in the way, or gets past it.
    if (error instanceof KubeError) return undefined;
    throw error;
  }
}
