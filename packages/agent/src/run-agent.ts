import { hostname } from "node:os";
import { NftDataplane, NftError, clearMarksWith, nftProcess } from "@podwall/dataplane";
import { type Cidr, decodeRaw } from "@podwall/engine";
import { AccessError, KubeClient, findAccess, resources, systemClock } from "@podwall/kube";
import { keepHeapSmall } from "./keep-heap-small.ts";
import { linkMemoryIn } from "./links/link-memory.ts";
import { PodLinks } from "./links/pod-links.ts";
import { type Log, type LogFormat, logTo } from "./log.ts";
import { NodeAgent } from "./loop/node-agent.ts";
import { AgentMetrics } from "./serve/metrics.ts";
import { serveEndpoints } from "./serve/endpoints.ts";
import type { ListenAddress } from "./serve/listen-address.ts";
import { ApiSource } from "./source/api-source.ts";
import { FolderSource } from "./source/folder-source.ts";
import type { Source } from "./source/source.ts";

export interface RunAgentOptions {
  /** `NODE_NAME`, else this machine's name, where not given. */
  readonly nodeName?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Manifests to enforce instead of an API server's objects. */
  readonly paths: readonly string[];
  readonly podCidrs: readonly Cidr[];
  readonly podInterfacePrefix?: string;
  /** Where to keep what the next agent needs until the next boot. */
  readonly stateFolder: string;
  readonly listen: ListenAddress;
  readonly logFormat: LogFormat;
  /** What a denied connection gets. */
  readonly deny: "drop" | "reject";
}

/** What the agent needs of the program it is a command of. */
export interface AgentContext {
  readonly stderr: { write(text: string): void };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly readStdin: () => Promise<string>;
}

/** Enforces policies on this node until told to stop; the rules stay. Gives what the process is to end with. */
export async function runAgent(options: RunAgentOptions, context: AgentContext): Promise<number> {
  keepHeapSmall();
  const { stderr, env } = context;
  const log = logTo({ format: options.logFormat, write: (text) => stderr.write(text), wallTime: () => Date.now() });
  const node = options.nodeName || env["NODE_NAME"] || hostname();
  const stop = new AbortController();
  const signals = ["SIGTERM", "SIGINT"] as const;
  const end = (): void => stop.abort();
  for (const signal of signals) process.on(signal, end);
  try {
    await enforce(node, options, context, log, stop.signal);
    log("info", "stopped; the rules stay");
    return 0;
  } catch (error) {
    log("error", error instanceof Error ? error.message : String(error));
    return exitCodeOf(error);
  } finally {
    for (const signal of signals) process.off(signal, end);
  }
}

async function enforce(
  node: string,
  options: RunAgentOptions,
  context: AgentContext,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const { source, rangesAtStart, close } = await openSource(node, options, context);
  const nft = nftProcess({ command: ["nft"] });
  const dataplane = new NftDataplane({ nft, clearMarks: clearMarksWith(["conntrack"]), denyWith: options.deny });
  const metrics = new AgentMetrics();
  const { podCidrs } = options;
  const memory = linkMemoryIn(options.stateFolder, node, (why) =>
    log("warn", "which links pods have cannot be kept for the next agent; name a --state-dir", { because: why }),
  );
  const links = new PodLinks(options.podInterfacePrefix, memory);
  const parts = { node, source, dataplane, nft, links, podCidrs, rangesAtStart, clock: systemClock, log, metrics };
  const agent = new NodeAgent(parts);
  const server = await serveEndpoints({ node, agent, source, metrics, flows: () => dataplane.flows() }, options.listen);
  log("info", "started", { node });
  try {
    await agent.run(signal);
  } finally {
    server.close();
    server.closeAllConnections();
    await dataplane.settled().catch(() => undefined);
    await nft.close();
    close();
  }
}

interface OpenSource {
  readonly source: Source;
  readonly rangesAtStart: () => Promise<readonly Cidr[]>;
  readonly close: () => void;
}

async function openSource(node: string, options: RunAgentOptions, context: AgentContext): Promise<OpenSource> {
  const { paths, podCidrs, kubeconfig, context: name } = options;
  if (paths.length > 0) {
    const source = new FolderSource({ paths, context, clock: systemClock });
    return { source, rangesAtStart: async () => podCidrs, close: () => undefined };
  }
  const access = await findAccess({
    env: context.env,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(name === undefined ? {} : { context: name }),
  });
  const client = new KubeClient({ access, userAgent: "podwall-agent" });
  return {
    source: new ApiSource({ client, node }),
    rangesAtStart: async () => (podCidrs.length > 0 ? podCidrs : rangesOf(client, node)),
    close: () => client.close(),
  };
}

/** For how long the quarantine of a node that has none waits to learn its ranges. */
const rangesWithinMs = 3_000;

/** A node's pod ranges, without the rest of the cluster; none where they cannot be learnt now. */
async function rangesOf(client: KubeClient, name: string): Promise<readonly Cidr[]> {
  try {
    const raw = await client.get(resources.nodes, { name, signal: AbortSignal.timeout(rangesWithinMs) });
    const { object } = decodeRaw(raw, { apiVersion: "v1", kind: "Node" });
    return object?.kind === "Node" ? object.podCidrs : [];
  } catch {
    return [];
  }
}

/** 2 is bad input, 3 a machine that cannot do it. */
function exitCodeOf(error: unknown): number {
  if (error instanceof AccessError) return 2;
  if (error instanceof NftError) return 3;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "EADDRINUSE" || code === "EADDRNOTAVAIL" || code === "EACCES" ? 2 : 3;
}
