import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lab, labNode } from "../../../packages/lab/src/index.ts";
import { AgentNode } from "../../system/support/agent-node.ts";
import { letRead } from "../../system/support/agent-role.ts";
import { KubeApi } from "../../system/support/kube-api.ts";
import type { Context } from "../context.ts";
import type { BenchInput } from "../generate/bench-input.ts";
import { generateCluster } from "../generate/generate-cluster.ts";
import { type ApiManifest, fillApi } from "./api-objects.ts";
import { type ChurnOptions, churn } from "./churn.ts";
import { eventToKernel, latencyBetween } from "./event-to-kernel.ts";
import type { Crowd, Phase, ScaleRow, Turn } from "./scale-row.ts";

export interface ScaleOptions {
  readonly changesPerSecond: number;
  readonly seconds: number;
  /** So many agents more, as the API server sees them. */
  readonly watchers: number;
  /** So often the same changes are made without and with them, for so many seconds each. */
  readonly turns: number;
  readonly turnSeconds: number;
}

const idleSeconds = 20;
const startWithinMs = 300_000;
/** What an agent has in hand after the last change is put in force by then. */
const settleMs = 3_000;
/** What the API server has to do for connections that were opened or closed is done by then. */
const calmMs = 2_000;

/** Fills a real API server, runs the agent of its first node in a network namespace, and changes the cluster meanwhile. */
export async function measureScale(input: BenchInput, options: ScaleOptions, context: Context): Promise<ScaleRow> {
  const { say, programs } = context;
  const cluster = generateCluster(input);
  const name = cluster.nodes[0]?.name ?? "";
  const folder = await mkdtemp(join(tmpdir(), "podwall-scale-"));
  const api = await KubeApi.start({ users: ["agent"] });
  let lab: Lab | undefined;
  let node: AgentNode | undefined;
  try {
    await letRead(api.admin, "agent");
    const began = performance.now();
    const objects = await fillApi(api.admin, cluster, say);
    say(`${objects.length} objects written in ${((performance.now() - began) / 1000).toFixed(0)} s`);
    lab = await Lab.open({ podProgram: join(programs, "pod.mjs"), nodes: [labNode(1, name)] });
    const program = join(programs, "podwall.mjs");
    node = await AgentNode.open({ lab, api, name, program, kubeconfigUser: "agent" }, folder);
    return await measureNode({ input, options, api, node, objects, say });
  } finally {
    await node?.close();
    await lab?.close();
    await api.stop();
    await rm(folder, { recursive: true, force: true });
  }

  async function measureNode(parts: Parts): Promise<ScaleRow> {
    const start = await startAgent(parts);
    const idleFrom = parts.node.cpuSeconds();
    const rssMib = parts.node.rss();
    await pause(idleSeconds * 1000);
    const idle = { seconds: idleSeconds, agentCpu: parts.node.cpuSeconds() - idleFrom };
    const before = eventToKernel((await parts.node.get("/metrics")).text);
    const alone = await phase(parts, { seconds: parts.options.seconds, before: 0 });
    const after = eventToKernel((await parts.node.get("/metrics")).text);
    const churned = { ...alone, rssMib: parts.node.rss(), eventToKernel: latencyBetween(before, after) };
    const crowd = await measureCrowd(parts, programs);
    const kinds = (kind: string): number => parts.objects.filter((object) => object.kind === kind).length;
    return {
      profile: input.profile.name,
      pods: kinds("Pod"),
      policies: kinds("NetworkPolicy"),
      localPods: cluster.namespaces
        .flatMap(({ apps }) => apps.flatMap(({ pods }) => pods))
        .filter((pod) => pod.node === name).length,
      start,
      rssMib,
      idle,
      churn: churned,
      crowd,
    };
  }
}

interface Parts {
  readonly input: BenchInput;
  readonly options: ScaleOptions;
  readonly api: KubeApi;
  readonly node: AgentNode;
  readonly objects: readonly ApiManifest[];
  readonly say: (line: string) => void;
}

async function startAgent({ api, node, say }: Parts): Promise<ScaleRow["start"]> {
  const [apiCpu, bytes, began] = [api.cpuSeconds(), node.way.bytesFromServer, performance.now()];
  // Its pods have no links here: they are told apart by their addresses.
  node.start([]);
  await node.until("ready", ({ ready, pending }) => ready && !pending, startWithinMs);
  const untilReady = (performance.now() - began) / 1000;
  say(`the agent is ready after ${untilReady.toFixed(1)} s`);
  return {
    untilReady,
    agentCpu: node.cpuSeconds(),
    apiCpu: api.cpuSeconds() - apiCpu,
    megabytes: (node.way.bytesFromServer - bytes) / 1e6,
  };
}

async function phase(
  { api, node, objects, options, say }: Parts,
  { seconds, before }: Pick<ChurnOptions, "seconds" | "before">,
): Promise<Phase> {
  const [apiCpu, agentCpu, bytes] = [api.cpuSeconds(), node.cpuSeconds(), node.way.bytesFromServer];
  const changes = await churn({
    admin: api.admin,
    objects,
    perSecond: options.changesPerSecond,
    seconds,
    before,
  });
  await pause(settleMs);
  say(`${changes.writes} writes in ${changes.seconds.toFixed(0)} s`);
  return {
    changes,
    apiCpu: api.cpuSeconds() - apiCpu,
    agentCpu: node.cpuSeconds() - agentCpu,
    megabytes: (node.way.bytesFromServer - bytes) / 1e6,
  };
}

/** Each turn makes the same changes twice, and every other turn begins with the crowd, so that no drift looks like its share. */
async function measureCrowd(parts: Parts, programs: string): Promise<Crowd> {
  const { watchers, turns, turnSeconds } = parts.options;
  let before = 0;
  const without = (): Promise<Phase> => phase(parts, { seconds: turnSeconds, before: ++before });
  const withCrowd = (): Promise<Pick<Turn, "together" | "events">> => withWatchers(parts, programs, without);
  const measured: Turn[] = [];
  for (let index = 0; index < turns; index++) {
    const first = index % 2 === 0 ? await without() : undefined;
    const crowded = await withCrowd();
    measured.push({ alone: first ?? (await without()), ...crowded });
  }
  return { watchers, turns: measured };
}

async function withWatchers(
  { api, options, say }: Parts,
  programs: string,
  work: () => Promise<Phase>,
): Promise<Pick<Turn, "together" | "events">> {
  const child = spawn(process.execPath, [join(programs, "scale-watchers.mjs")], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, KUBECONFIG: api.kubeconfig, WATCHERS: String(options.watchers) },
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = once(child, "close");
  let together: Phase;
  try {
    await Promise.race([
      once(child.stdout, "data"),
      ended.then(() => Promise.reject(new Error("the watchers ended by themselves"))),
    ]);
    await pause(calmMs);
    together = await work();
  } finally {
    child.stdin.end();
    await ended;
    await pause(calmMs);
  }
  const events = Number(said.split("\n")[1]);
  if (!(events > 0)) throw new Error("the watchers did not say what they got, or got nothing");
  say(`${options.watchers} watchers more got ${events} events`);
  return { together, events };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
