import { type Nft, NftDataplane, fakeNft } from "@podwall/dataplane";
import { type Cidr, type Cluster, clusterState, parseCidr } from "@podwall/engine";
import { type Clock, systemClock } from "@podwall/kube";
import { expect, onTestFinished, vi } from "vitest";
import { patience } from "../patience.ts";
import { PodLinks } from "../links/pod-links.ts";
import { AgentMetrics } from "../serve/metrics.ts";
import type { Snapshot, SourceListener } from "../source/source.ts";
import { NodeAgent, type NodeAgentOptions } from "./node-agent.ts";

/** Stands still until told. */
export class HandClock implements Clock {
  #now = 0;
  #timers: { readonly at: number; readonly run: () => void }[] = [];
  readonly now = (): number => this.#now;
  readonly wallTime = (): number => this.#now;
  readonly random = (): number => 0;

  timer(delayMs: number, run: () => void): () => void {
    const timer = { at: this.#now + delayMs, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  /** Goes on in small steps, so that what a timer sets off may set timers too. */
  async pass(delayMs: number): Promise<void> {
    const end = this.#now + delayMs;
    for (;;) {
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      const next = this.#timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
    this.#now = end;
  }
}

/** Of the pods of the node that agents of tests are on. */
export const podRange = parseCidr("10.0.0.0/24").cidr as Cidr;

/** All that an agent of the node `here` needs but a source: a kernel that is a fake, pods without links, and what it says. */
export function fakeSurroundings(nft: Nft, said: string[]): Omit<NodeAgentOptions, "source"> {
  const memory = { recall: async () => undefined, keep: () => undefined };
  return {
    node: "here",
    dataplane: new NftDataplane({ nft, clearMarks: async () => undefined }),
    nft,
    links: new PodLinks(undefined, memory, () => ""),
    podCidrs: [],
    rangesAtStart: async () => [podRange],
    clock: systemClock,
    log: (level, message) => void said.push(`${level}: ${message}`),
    metrics: new AgentMetrics(),
  };
}

/** An agent among such things that runs until the test ends, with a source that tells what it is given. */
export async function runningAgent(options: Partial<NodeAgentOptions> = {}) {
  const stop = new AbortController();
  const nft = fakeNft();
  const said: string[] = [];
  let snapshot: Snapshot | undefined;
  let listener: SourceListener | undefined;
  const agent = new NodeAgent({
    ...fakeSurroundings(nft, said),
    source: {
      follow: async (one, signal) => {
        listener = one;
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      },
      snapshot: () => snapshot,
      progress: () => new Map(),
    },
    ...options,
  });
  const done = agent.run(stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await done;
  });
  await vi.waitFor(() => expect(listener).toBeDefined(), patience);
  const tell = (cluster: Cluster): void => {
    snapshot = { cluster: clusterState(cluster), policyMarks: new Map(), podUids: new Map() };
    listener?.onChange();
  };
  /** Tells of it, and waits until it is in force. */
  const enforce = async (cluster: Cluster): Promise<void> => {
    const before = agent.applied;
    tell(cluster);
    await vi.waitFor(() => expect([agent.applied !== before, agent.pending]).toEqual([true, false]), patience);
  };
  return { agent, nft, said, tell, enforce };
}
