import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Agent } from "../../../packages/agent/src/index.ts";
import {
  type ApplyReport,
  type DenyWith,
  type MarkBits,
  type Nft,
  NftDataplane,
  clearMarksWith,
  nftProcess,
} from "../../../packages/dataplane/src/index.ts";
import type { Cluster, ClusterNode } from "../../../packages/engine/src/index.ts";
import { Lab, labNode } from "../../../packages/lab/src/index.ts";
import { bundlePodProgram } from "../../../packages/lab/src/testing.ts";

/** One node's way from a cluster to its kernel. */
export interface Enforcer {
  readonly node: string;
  readonly nft: Nft;
  readonly dataplane: NftDataplane;
  readonly agent: Agent;
}

export interface PacketLabOptions {
  readonly nodes?: number;
  readonly denyWith?: DenyWith;
  readonly mark?: MarkBits;
  readonly sparing?: number;
}

/** A lab with an agent on every node, as `podwall lab` has, but told clusters by a test. */
export class PacketLab {
  readonly lab: Lab;
  readonly nodes: readonly ClusterNode[];
  readonly options: PacketLabOptions;
  readonly #podProgram: string;
  readonly #closing: (() => Promise<void>)[] = [];
  enforcers: Enforcer[] = [];

  private constructor(lab: Lab, nodes: readonly ClusterNode[], podProgram: string, options: PacketLabOptions) {
    this.lab = lab;
    this.nodes = nodes;
    this.#podProgram = podProgram;
    this.options = options;
  }

  static async open(options: PacketLabOptions = {}): Promise<PacketLab> {
    const nodes = Array.from({ length: options.nodes ?? 2 }, (_, index) => labNode(index + 1, `node-${index + 1}`));
    const podProgram = await bundlePodProgram();
    const lab = await Lab.open({ podProgram, nodes });
    const opened = new PacketLab(lab, nodes, podProgram, options);
    await opened.#answerEveryTime();
    opened.startAgents();
    return opened;
  }

  /** Linux sends few ICMP errors a second; a connection that should be rejected would wait in vain for the rest. */
  async #answerEveryTime(): Promise<void> {
    const script = "echo 0 >/proc/sys/net/ipv4/icmp_ratelimit && echo 0 >/proc/sys/net/ipv6/icmp/ratelimit";
    for (const { name } of this.nodes) {
      const { netns } = this.lab.inside({ kind: "node", name });
      await this.lab.world.run(["sh", "-c", script], { netns });
    }
  }

  /** Ends the agents, in good order, and starts new ones, which know only what is in the kernel. */
  async restartAgents(): Promise<void> {
    await Promise.all(this.enforcers.map(({ dataplane }) => dataplane.settled()));
    await Promise.all(this.#closing.splice(0).map((close) => close()));
    this.startAgents();
  }

  startAgents(): void {
    this.enforcers = this.nodes.map(({ name }) => {
      const enter = this.lab.command({ kind: "node", name });
      const nft = nftProcess({ command: [...enter, "nft"] });
      this.#closing.push(() => nft.close());
      const { denyWith, mark, sparing } = this.options;
      const dataplane = new NftDataplane({
        nft,
        clearMarks: clearMarksWith([...enter, "conntrack"]),
        ...(denyWith === undefined ? {} : { denyWith }),
        ...(mark === undefined ? {} : { mark }),
        ...(sparing === undefined ? {} : { sparing }),
      });
      return { node: name, nft, dataplane, agent: new Agent({ node: name, dataplane, links: this.lab.links }) };
    });
  }

  /** Puts a cluster in force on every node. */
  enforce(cluster: Cluster): Promise<readonly ApplyReport[]> {
    return Promise.all(this.enforcers.map(({ agent }) => agent.update(cluster)));
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.enforcers.map(({ dataplane }) => dataplane.settled()));
    await Promise.all(this.#closing.map((close) => close()));
    await this.lab.close();
    await rm(dirname(this.#podProgram), { recursive: true, force: true });
  }
}
