import { Agent } from "@podwall/agent";
import { type DenyWith, NftDataplane, clearMarksWith, nftProcess } from "@podwall/dataplane";
import { type Cluster, type ClusterNode, formatAddress, podKey, verdict } from "@podwall/engine";
import { Lab } from "../network/lab.ts";
import { type Place, nameOfPlace, outside, placeOfPod } from "../network/place.ts";
import type { Scene } from "../place/scene.ts";
import { type Cell, cellKey } from "../probe/cell.ts";
import { cellsOf } from "../probe/cells.ts";
import { type PredictedCell, probeCells } from "../probe/probe-cells.ts";
import type { CellResult } from "../probe/result.ts";
import { toolPath } from "../world/tools.ts";
import type { StatePlace } from "./state-file.ts";

export interface RunningLabOptions {
  readonly podProgram: string;
  readonly nodes: readonly ClusterNode[];
  readonly denyWith?: DenyWith;
}

interface NodeAgent {
  readonly agent: Agent;
  readonly nft: { close(): Promise<void> };
}

/** A lab with an agent on each node. */
export class RunningLab {
  readonly lab: Lab;
  readonly #agents: readonly NodeAgent[];
  #unheard: ReadonlySet<string> = new Set();

  private constructor(lab: Lab, agents: readonly NodeAgent[]) {
    this.lab = lab;
    this.#agents = agents;
  }

  /** Rejects with `WorldUnavailable` where the machine cannot. */
  static async open({ podProgram, nodes, denyWith = "drop" }: RunningLabOptions): Promise<RunningLab> {
    const lab = await Lab.open({ podProgram, nodes });
    const agents = lab.nodes.map(({ node, netns }): NodeAgent => {
      const command = lab.world.command(netns);
      const nft = nftProcess({ command: [...command, toolPath("nft") ?? "nft"] });
      const dataplane = new NftDataplane({
        nft,
        denyWith,
        clearMarks: clearMarksWith([...command, toolPath("conntrack") ?? "conntrack"]),
      });
      return { nft, agent: new Agent({ node: node.name, dataplane, links: lab.links }) };
    });
    return new RunningLab(lab, agents);
  }

  /** Makes pods, Services and policies as the scene says. Gives what could not be done. */
  async show({ cluster, world }: Scene, onPod: (started: number, of: number) => void): Promise<readonly string[]> {
    const notListening = await this.lab.arrange(cluster, onPod);
    const listeners = world.addresses.flatMap((address) =>
      world.ports.map(({ protocol, port }) => ({ protocol, port, address: formatAddress(address) })),
    );
    await this.lab.arrangeOutside(world.addresses, listeners);
    await this.enforce(cluster);
    const keyOf = (place: Place, { protocol, port, address }: (typeof listeners)[number]): string =>
      `${nameOfPlace(place)} ${protocol} ${address} ${port}`;
    this.#unheard = new Set(notListening.map(({ place, listener }) => keyOf(place, listener)));
    return notListening
      .filter(({ listener }) => listener.address !== "127.0.0.1" && listener.address !== "::1")
      .map(({ place, listener, because }) => {
        return `${nameOfPlace(place)} does not listen on ${listener.address} ${listener.port}/${listener.protocol}: ${because}`;
      });
  }

  /** What another process needs to know to get in. */
  places({ pods }: Cluster): readonly StatePlace[] {
    const running = pods.filter((pod) => !pod.completed && pod.addresses.length > 0);
    const ofPods = running.map((pod): StatePlace => {
      const workload = pod.workload === undefined ? {} : { workload: `${pod.namespace}/${pod.workload.name}` };
      return { name: podKey(pod), ...workload, ...this.lab.inside(placeOfPod(pod)) };
    });
    const others = [...this.lab.nodes.map(({ node }): Place => ({ kind: "node", name: node.name })), outside];
    return [...ofPods, ...others.map((place) => ({ name: nameOfPlace(place), ...this.lab.inside(place) }))];
  }

  /** Puts a cluster's policies in force on every node. Rejects with an `NftError`. */
  async enforce(cluster: Cluster): Promise<void> {
    await Promise.all(this.#agents.map(({ agent }) => agent.update(cluster)));
  }

  /** What should happen to every connection that can be tried. */
  predict(scene: Scene): readonly PredictedCell[] {
    return predictAll(scene).filter(({ cell }) => !this.#unheard.has(listenerKey(cell)));
  }

  probe(cells: readonly PredictedCell[], onProgress: (done: number) => void): Promise<readonly CellResult[]> {
    return probeCells(this.lab, cells, onProgress);
  }

  async close(): Promise<void> {
    // The world first: what nft does is of no use any more, and with its namespaces it ends at once.
    await this.lab.close();
    await Promise.all(this.#agents.map(({ nft }) => nft.close()));
  }
}

/** What should happen to every connection worth trying. */
export function predictAll({ cluster, world }: Scene): readonly PredictedCell[] {
  return cellsOf(cluster, world).map((cell) => ({ cell, verdict: verdict(cluster, cell.connection) }));
}

/** Cells whose prediction is new or another one than before. */
export function changedCells(
  before: readonly PredictedCell[],
  after: readonly PredictedCell[],
): ReadonlySet<PredictedCell> {
  const was = new Map(before.map((predicted) => [cellKey(predicted.cell), predicted.verdict.allowed]));
  return new Set(after.filter(({ cell, verdict }) => was.get(cellKey(cell)) !== verdict.allowed));
}

function listenerKey({ destination, protocol, address, port }: Cell): string {
  return `${nameOfPlace(destination)} ${protocol} ${formatAddress(address)} ${port}`;
}
