import { type Clock, type KubeClient, type KubeObject, resources, sleep, watchResource } from "@podwall/kube";
import { errorText } from "./error-text.ts";
import type { Log } from "./log.ts";
import { Repeats } from "./repeats.ts";

export interface NodeTaintOptions {
  readonly client: KubeClient;
  readonly node: string;
  /** The key of the taint that keeps pods off the node until the agent is ready. */
  readonly taint: string;
  readonly isReady: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

interface TaintedNode {
  readonly version: string;
  readonly taints: readonly Taint[];
}

interface Taint {
  readonly key: string;
}

/** Between two looks whether the agent is ready. */
const lookEveryMs = 250;
/** After a patch that failed. */
const retryMs = 5_000;

/**
 * Takes a taint off this agent's Node whenever the agent is ready: at its start, and where the Node is made anew. Resolves when
 * the signal is aborted.
 */
export async function removeTaint(options: NodeTaintOptions, signal: AbortSignal): Promise<void> {
  const { client, node, taint, isReady, clock, log } = options;
  let tainted: TaintedNode | undefined;
  const watching = watchResource<TaintedNode>({
    client,
    resource: resources.nodes,
    fieldSelector: `metadata.name=${node}`,
    decode: taintedNode,
    onEvent: (event) => {
      if (event.kind === "changed") tainted = event.object;
      else if (event.kind === "removed") tainted = undefined;
    },
    signal,
  });
  const failures = new Repeats(clock);
  const removing = (async () => {
    while (!signal.aborted) {
      const has = tainted?.taints.some(({ key }) => key === taint) === true;
      if (tainted !== undefined && has && isReady()) {
        const taken = tainted;
        // The watch tells what became of it, so nothing is done twice.
        tainted = undefined;
        const because = await withoutTaint({ client, node, taint, signal }, taken);
        if (because === undefined) log("info", "ready: pods may be placed on this node", { taint });
        else if (!signal.aborted) {
          const times = failures.tell(because);
          if (times !== undefined) log("warn", "the node's taint cannot be removed", { taint, because, times });
          tainted ??= taken;
          await sleep(clock, retryMs, signal);
        }
      }
      await sleep(clock, lookEveryMs, signal);
    }
  })();
  await Promise.all([watching, removing]);
}

/** Why it failed; undefined where it did not. Refused by the API server where the Node has changed meanwhile. */
async function withoutTaint(
  {
    client,
    node,
    taint,
    signal,
  }: Pick<NodeTaintOptions, "client" | "node" | "taint"> & { readonly signal: AbortSignal },
  { version, taints }: TaintedNode,
): Promise<string | undefined> {
  const left = taints.filter(({ key }) => key !== taint);
  const patch = { metadata: { resourceVersion: version }, spec: { taints: left.length === 0 ? null : left } };
  try {
    await client.patch(resources.nodes, patch, { name: node, type: "merge", signal });
    return undefined;
  } catch (error) {
    return errorText(error);
  }
}

function taintedNode({ metadata, spec }: KubeObject): TaintedNode {
  const { taints = [] } = (spec ?? {}) as { readonly taints?: readonly Taint[] };
  return { version: metadata.resourceVersion, taints };
}
