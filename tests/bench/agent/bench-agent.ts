import { execFileSync } from "node:child_process";
import {
  type ApplyReport,
  type Dataplane,
  type Nft,
  NftDataplane,
  clearMarksWith,
  nftProcess,
} from "@podwall/dataplane";
import type { NodePlan } from "@podwall/engine";
import { systemClock } from "@podwall/kube";
import { linkMemoryIn } from "../../../packages/agent/src/links/link-memory.ts";
import { PodLinks } from "../../../packages/agent/src/links/pod-links.ts";
import { NodeAgent } from "../../../packages/agent/src/loop/node-agent.ts";
import { AgentMetrics } from "../../../packages/agent/src/serve/metrics.ts";
import { type BenchSource } from "./bench-source.ts";
import { ownNode } from "./generated-state.ts";

/** One change that the agent put into the kernel, in milliseconds. */
export interface TimedApply {
  /** When the state was asked for that the kernel has since `doneAt`. */
  readonly askedAt: number;
  readonly doneAt: number;
  /** From the objects to states of the cluster: to this one, and to the one that was planned ahead if that was another. */
  readonly clusterMs: number;
  /** From these states to plans: what of each policy is enforced, links, evaluation, identities, rule sets. */
  readonly planMs: number;
  /** From these plans to the commands, and waiting for what the change before left to come to rest. */
  readonly diffMs: number;
  /** What nft and the kernel took. */
  readonly nftMs: number;
  readonly report: ApplyReport;
}

/** What was done for the next change, in milliseconds. */
const noWork = () => ({ clusterMs: 0, planMs: 0, diffMs: 0 });

/** A real agent over a kernel; the links of its pods are laid by `layLinks`. */
export class BenchAgent {
  readonly #stop = new AbortController();
  readonly #nft: Nft & { close(): Promise<void> };
  readonly #dataplane: NftDataplane;
  readonly #done: Promise<void>;
  /** What nft took of the time since then. */
  #nftMs = 0;
  #appliesFrom = 0;
  #work = noWork();
  /** What the dataplane has prepared for. */
  #prepared: NodePlan | undefined;
  onApply: (applied: TimedApply) => void = () => undefined;

  constructor(source: BenchSource) {
    this.#nft = nftProcess({ command: ["nft"] });
    const timed = this.#timed(this.#nft);
    this.#dataplane = new NftDataplane({ nft: timed, clearMarks: clearMarksWith(["conntrack"]) });
    let takenAt = 0;
    source.onSnapshot = () => {
      takenAt = performance.now();
      this.#work.clusterMs += source.snapshotMs;
    };
    const planned = (): void => {
      this.#work.planMs += performance.now() - takenAt;
    };
    const dataplane: Dataplane = {
      prepare: (plan) => {
        planned();
        this.#prepared = plan;
        const began = performance.now();
        this.#dataplane.prepare(plan);
        this.#work.diffMs += performance.now() - began;
      },
      apply: async (plan) => {
        // Before everything is known the node is closed, which is nobody's change.
        if (takenAt === 0) return this.#dataplane.apply(plan);
        if (plan !== this.#prepared) planned();
        this.#prepared = undefined;
        const askedAt = takenAt - source.snapshotMs;
        const { clusterMs, planMs, diffMs } = this.#work;
        this.#work = noWork();
        const began = performance.now();
        [this.#appliesFrom, this.#nftMs] = [began, 0];
        const report = await this.#dataplane.apply(plan);
        const [doneAt, nftMs] = [performance.now(), this.#nftMs];
        const work = { diffMs: diffMs + doneAt - began - nftMs, nftMs };
        this.onApply({ askedAt, doneAt, clusterMs, planMs, ...work, report });
        return report;
      },
      inspect: (depth) => this.#dataplane.inspect(depth),
      flows: () => this.#dataplane.flows(),
      remove: () => this.#dataplane.remove(),
    };
    // As on a node, in memory; it is gone with the mount namespace that this runs in.
    execFileSync("mount", ["-t", "tmpfs", "tmpfs", "/run"]);
    const memory = linkMemoryIn("/run/podwall", ownNode, (why) => {
      throw new Error(why);
    });
    const agent = new NodeAgent({
      node: ownNode,
      source,
      dataplane,
      nft: this.#nft,
      links: new PodLinks("veth", memory),
      podCidrs: [],
      rangesAtStart: async () => [],
      clock: systemClock,
      log: () => undefined,
      metrics: new AgentMetrics(),
    });
    this.#done = agent.run(this.#stop.signal);
  }

  /** Compares the kernel with the newest plan, element by element; throws where they differ. */
  async check(): Promise<void> {
    await this.#dataplane.settled();
    const found = await this.#dataplane.inspect("elements");
    if (found.kind !== "intact") throw new Error(`the kernel is not as planned: ${JSON.stringify(found)}`);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
    await this.#dataplane.settled();
    await this.#nft.close();
  }

  #timed(nft: Nft): Nft {
    return {
      run: async (commands) => {
        const began = performance.now();
        try {
          await nft.run(commands);
        } finally {
          this.#nftMs += performance.now() - Math.max(began, this.#appliesFrom);
        }
      },
      objects: () => nft.objects(),
      elements: (name) => nft.elements(name),
      hasMap: (name) => nft.hasMap(name),
      rules: () => nft.rules(),
    };
  }
}
