import { hostname } from "node:os";
import { NftDataplane, NftError, clearMarksWith, nftProcess } from "@podwall/dataplane";
import { type Cidr, decodeRaw } from "@podwall/engine";
import { AccessError, KubeClient, findAccess, resources, systemClock } from "@podwall/kube";
import { errorText } from "./error-text.ts";
import type { BypassKind } from "./detect/bypass.ts";
import { BypassWatch } from "./detect/bypass-watch.ts";
import { readNodeNetwork } from "./detect/read-node-network.ts";
import { keepHeapSmall } from "./keep-heap-small.ts";
import { linkMemoryIn } from "./links/link-memory.ts";
import { PodLinks } from "./links/pod-links.ts";
import { type Log, type LogFormat, logTo } from "./log.ts";
import { NodeAgent } from "./loop/node-agent.ts";
import { removeTaint } from "./node-taint.ts";
import { deniedTotals } from "./serve/denied-totals.ts";
import { AgentMetrics } from "./serve/metrics.ts";
import { notReady } from "./serve/describe.ts";
import { serveEndpoints } from "./serve/endpoints.ts";
import { type Guard, type Review, TokenGuard } from "./serve/guard.ts";
import { kubeReview } from "./serve/kube-review.ts";
import type { ListenAddress } from "./serve/listen-address.ts";
import { sharedRead } from "./serve/shared-read.ts";
import { CertificateError } from "./serve/tls/certificate.ts";
import { certificateFor } from "./serve/tls/certificate-for.ts";
import { type CertificateFiles, followCertificate } from "./serve/tls/certificate-files.ts";
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
  /** This node's pods', over what its Node says. */
  readonly podCidrs: readonly Cidr[];
  /** All of the cluster's pods', where Nodes do not say theirs. */
  readonly clusterPodCidrs: readonly Cidr[];
  readonly podInterfacePrefix?: string;
  /** Where to keep what the next agent needs until the next boot. */
  readonly stateFolder: string;
  readonly listen: ListenAddress;
  /**
   * Who may read the endpoints: anybody who reaches them, or who shows a token that the API server lets in. Tokens are shown
   * over TLS alone.
   */
  readonly readers: "anybody" | "token";
  /** To serve with; where readers show tokens and there are none, a certificate is made. */
  readonly certificate?: CertificateFiles;
  readonly logFormat: LogFormat;
  /** What a denied connection gets. */
  readonly deny: "drop" | "reject";
  /** The key of a taint to take off the Node when all is in force. */
  readonly taint?: string;
  /** Ways past the rules that are put up with. */
  readonly ignoredBypasses: readonly BypassKind[];
}

/** Packets go past the rules on this node, so to enforce would be to pretend. */
class NodeUnfit extends Error {
  override readonly name = "NodeUnfit";
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
    const opened = await openSource(node, options, context);
    try {
      await enforce(node, options, opened, log, stop.signal);
    } finally {
      opened.close();
    }
    log("info", "stopped; the rules stay");
    return 0;
  } catch (error) {
    log("error", errorText(error));
    return exitCodeOf(error);
  } finally {
    for (const signal of signals) process.off(signal, end);
  }
}

async function enforce(
  node: string,
  options: RunAgentOptions,
  { source, client, rangesAtStart }: OpenSource,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const certificate = await certificateFor({ ...options, node, files: options.certificate, now: Date.now() });
  const nft = nftProcess({ command: ["nft"] });
  const dataplane = new NftDataplane({ nft, clearMarks: clearMarksWith(["conntrack"]), denyWith: options.deny });
  const metrics = new AgentMetrics();
  const { podCidrs, clusterPodCidrs, paths } = options;
  const memory = linkMemoryIn(options.stateFolder, node, (why) =>
    log("warn", "which links pods have cannot be kept for the next agent; name a --state-dir", { because: why }),
  );
  const links = new PodLinks(options.podInterfacePrefix, memory);
  const parts = {
    node,
    source,
    dataplane,
    nft,
    links,
    podCidrs,
    clusterPodCidrs,
    rangesAtStart,
    clock: systemClock,
    log,
    metrics,
  };
  const agent = new NodeAgent({ ...parts, namespaces: paths.length > 0 ? "named" : "told" });
  const bypasses = new BypassWatch({
    places: async () => {
      const own = await rangesAtStart();
      return { ranges: own.length > 0 ? own : clusterPodCidrs, interfacePrefix: links.podInterfacePrefix };
    },
    ignored: new Set(options.ignoredBypasses),
    read: () => readNodeNetwork(),
    clock: systemClock,
    log,
  });
  // A pod that scans makes it ten seconds long, and whoever collects metrics waits no longer than that.
  const denied = sharedRead(async () => deniedTotals(await dataplane.flows()), {
    clock: systemClock,
    holdsMs: deniedHoldsMs,
    patienceMs: deniedPatienceMs,
  });
  const served = { node, agent, source, metrics, bypasses, denied };
  if ((await bypasses.look()).length > 0)
    throw new NodeUnfit("packets go past all rules on this node: nothing is enforced until that is mended");
  const guard = guardOf(options, client);
  const endpoints = await serveEndpoints(served, options.listen, {
    clock: systemClock,
    ...(guard === undefined ? {} : { guard }),
    ...(certificate === undefined ? {} : { certificate }),
  });
  log("info", "started", { node });
  const failing = new AbortController();
  const all = AbortSignal.any([signal, failing.signal]);
  try {
    const isReady = (): boolean => notReady(served) === undefined;
    const { taint } = options;
    const untainting =
      taint === undefined || client === undefined
        ? undefined
        : removeTaint({ client, node, taint, isReady, clock: systemClock, log }, all);
    const { certificate: files } = options;
    const renewing =
      files === undefined || certificate === undefined
        ? undefined
        : followCertificate({ files, first: certificate, onNew: endpoints.renew, clock: systemClock, log }, all);
    await Promise.all([agent.run(all), bypasses.run(all), untainting, renewing]);
  } finally {
    failing.abort();
    endpoints.close();
    await dataplane.settled().catch(() => undefined);
    await nft.close();
  }
}

/** Where nobody can be asked whose a token is, nobody is let in. */
function guardOf({ readers }: RunAgentOptions, client: KubeClient | undefined): Guard | undefined {
  if (readers === "anybody") return undefined;
  const review: Review = client === undefined ? async () => "nobody" : kubeReview(client);
  return new TokenGuard(review, systemClock);
}

interface OpenSource {
  readonly source: Source;
  /** Of the API server, where there is one. */
  readonly client?: KubeClient;
  readonly rangesAtStart: () => Promise<readonly Cidr[]>;
  readonly close: () => void;
}

async function openSource(node: string, options: RunAgentOptions, context: AgentContext): Promise<OpenSource> {
  const { paths, podCidrs, kubeconfig, context: name } = options;
  if (paths.length > 0) {
    const source = new FolderSource({ paths, context, clock: systemClock });
    const ranges = (): readonly Cidr[] => source.snapshot()?.cluster.nodes.get(node)?.podCidrs ?? [];
    return {
      source,
      rangesAtStart: async () => (podCidrs.length > 0 ? podCidrs : ranges()),
      close: () => undefined,
    };
  }
  const access = await findAccess({
    env: context.env,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(name === undefined ? {} : { context: name }),
  });
  const client = new KubeClient({ access, userAgent: "podwall-agent" });
  let known: readonly Cidr[] = podCidrs;
  let askedAt = Number.NEGATIVE_INFINITY;
  return {
    source: new ApiSource({ client, node }),
    client,
    rangesAtStart: async () => {
      if (known.length > 0 || systemClock.now() - askedAt < askAgainMs) return known;
      known = await rangesOf(client, node);
      askedAt = systemClock.now();
      return known;
    },
    close: () => client.close(),
  };
}

/** For how long what was denied is not read again, and for how long a reader of metrics waits for it. */
const deniedHoldsMs = 5_000;
const deniedPatienceMs = 1_000;
/** For how long the quarantine of a node that has none waits to learn its ranges. */
const rangesWithinMs = 3_000;
/** Whoever wants them soon after does not wait once more. */
const askAgainMs = 2_000;

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
  if (error instanceof AccessError || error instanceof CertificateError) return 2;
  if (error instanceof NftError) return 3;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "EADDRINUSE" || code === "EADDRNOTAVAIL" || code === "EACCES" ? 2 : 3;
}
