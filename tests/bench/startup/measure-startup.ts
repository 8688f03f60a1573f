import { AgentCluster } from "../../system/support/agent-cluster.ts";
import { type Attempts, type Role, StartingPods } from "../../system/support/starting-pods.ts";
import type { Context } from "../context.ts";
import type { Starts } from "./startup-results.ts";

/** Short, so that it is seen soon that a connection got through. */
const attemptMs = 20;
const lookEveryMs = 2;
const letThroughWithinMs = 60_000;
/** In one of so many rounds the agent is killed and started again just before a pod. */
const restartEvery = 5;

type Mutable = { waitsMs: number[]; controlMs: number[]; denied: number; leaks: number };

/** Starts pods by turns in a real cluster: two on a fresh address and two on the same ones right after, a round. */
export async function measureStartup(rounds: number, { programs, say }: Context): Promise<readonly Starts[]> {
  const cluster = await AgentCluster.open(2, { programs });
  try {
    const pods = await StartingPods.in(cluster, attemptMs);
    const figures = new Map<Starts["kind"], Mutable>();
    const starts = new PodStarts(cluster, pods, figures);
    for (let round = 0; round < rounds; round++) {
      const [one, two] = [2 * round + 1, 2 * round + 2];
      const denied = round % 2 === 0 ? "stranger" : "shut";
      await starts.one("fresh address", "friend", one);
      await starts.one("reused address", denied, one);
      await starts.one("fresh address", denied, two);
      await starts.one("reused address", "friend", two);
      if (round % restartEvery === restartEvery - 1) {
        await starts.one("restarted agent", denied, one);
        await starts.one("restarted agent", "friend", two);
      }
      say(`round ${round + 1} of ${rounds}`);
    }
    return [...figures].map(([kind, found]) => ({ kind, ...found }));
  } finally {
    await cluster.close();
  }
}

class PodStarts {
  readonly #cluster: AgentCluster;
  readonly #pods: StartingPods;
  readonly #figures: Map<Starts["kind"], Mutable>;

  constructor(cluster: AgentCluster, pods: StartingPods, figures: Map<Starts["kind"], Mutable>) {
    this.#cluster = cluster;
    this.#pods = pods;
    this.#figures = figures;
  }

  async one(kind: Starts["kind"], role: Role, addressNumber: number): Promise<void> {
    const figures = this.#figures.get(kind) ?? { waitsMs: [], controlMs: [], denied: 0, leaks: 0 };
    this.#figures.set(kind, figures);
    if (kind === "restarted agent") await this.#restartAgent();
    const started = await this.#pods.start(role, addressNumber);
    figures.leaks += await this.#pods.packetsOf(started.pod);
    if (role === "friend") {
      const first = firstThrough(started);
      const toldAt = await this.#pods.tellApi(started.pod);
      figures.waitsMs.push((await first) - toldAt);
      await started.stop();
      const againAt = performance.now();
      const again = await started.connect();
      figures.controlMs.push((await firstThrough(again)) - againAt);
      await again.stop();
    } else {
      await this.#pods.tellApi(started.pod);
      await this.#cluster.settle();
      await started.stop();
      figures.denied++;
      figures.leaks += await this.#pods.packetsOf(started.pod);
    }
  }

  async #restartAgent(): Promise<void> {
    const [node] = this.#cluster.nodes;
    await node?.stop("SIGKILL");
    node?.start();
  }
}

/** When the first connection got through. */
async function firstThrough(attempts: Attempts): Promise<number> {
  const beganAt = performance.now();
  while ((await attempts.through()) === 0) {
    if (performance.now() - beganAt > letThroughWithinMs) throw new Error("a pod that may connect is not let through");
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  return performance.now();
}
