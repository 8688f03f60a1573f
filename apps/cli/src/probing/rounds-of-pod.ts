import { type KubeClient, KubeError } from "@podwall/kube";
import { type Round, readRounds } from "./read-rounds.ts";

/** A log has some dozens of lines for each of some hundred rounds; the last ones matter. */
const logLines = 4_000;

/** The rounds that a pod's log has; none where there is no log yet. Rejects with a `KubeError`. */
export async function roundsOfPod(
  client: KubeClient,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  signal: AbortSignal,
): Promise<readonly Round[]> {
  try {
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/log`;
    const body = await client.open({ path, query: { tailLines: logLines }, signal });
    const pieces: Buffer[] = [];
    for await (const piece of body) pieces.push(piece as Buffer);
    return readRounds(Buffer.concat(pieces).toString("utf8"));
  } catch (error) {
    const code = error instanceof KubeError ? error.status?.code : undefined;
    // 400: its container does not run yet.
    if (code === 400 || code === 404) return [];
    throw error;
  }
}
