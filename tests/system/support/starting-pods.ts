import { type Cluster, type Pod, formatAddress } from "../../../packages/engine/src/index.ts";
import { type Lab, type ProbeOrder, placeOfPod, podAddresses } from "../../../packages/lab/src/index.ts";
import type { AgentCluster } from "./agent-cluster.ts";
import { SeenPackets } from "./seen-packets.ts";

/** `friend` may reach the server; `stranger` is not let in by it; `shut` may send nothing. */
export const roles = ["friend", "stranger", "shut"] as const;
export type Role = (typeof roles)[number];

/** Connections that a pod tries over and over, by each protocol and family. */
export interface Attempts {
  /** How many got through so far. */
  through(): Promise<number>;
  /** Ends them; gives how many got through. */
  stop(): Promise<number>;
}

/** A pod that sends since it runs. */
export interface StartedPod extends Attempts {
  readonly pod: Pod;
  /** Begins anew. */
  connect(): Promise<Attempts>;
}

/** A server on one node, and pods that start on the other and connect to it as soon as they can. */
export class StartingPods {
  readonly #cluster: AgentCluster;
  readonly #base: Cluster;
  readonly #server: Pod;
  readonly #seen: SeenPackets;
  readonly #timeoutMs: number;
  #count = 0;
  #told: string | undefined;

  private constructor(cluster: AgentCluster, base: Cluster, seen: SeenPackets, timeoutMs: number) {
    this.#cluster = cluster;
    this.#base = base;
    this.#server = serverOf(base);
    this.#seen = seen;
    this.#timeoutMs = timeoutMs;
  }

  /** Fills a cluster and starts its agents. An attempt is given up after `timeoutMs`, and the next one begins. */
  static async in(cluster: AgentCluster, timeoutMs = 100): Promise<StartingPods> {
    await cluster.namespace("shop");
    const addresses = podAddresses(2, 1);
    await cluster.pod({ namespace: "shop", name: "server", node: "node-2", labels: { app: "server" }, addresses });
    const from = [{ podSelector: { matchExpressions: [{ key: "app", operator: "In", values: ["friend", "shut"] }] } }];
    await cluster.policy("shop", "server", { podSelector: { matchLabels: { app: "server" } }, ingress: [{ from }] });
    await cluster.policy("shop", "shut", { podSelector: { matchLabels: { app: "shut" } }, policyTypes: ["Egress"] });
    await cluster.start();
    const base = await cluster.truth();
    await cluster.lab.arrange(base);
    await cluster.settle();
    const seen = await SeenPackets.at(cluster.lab, placeOfPod(serverOf(base)));
    return new StartingPods(cluster, base, seen, timeoutMs);
  }

  /** The pod runs with an address of its node's, by number from 1, and connects; nobody told the API. */
  async start(role: Role, addressNumber: number): Promise<StartedPod> {
    const pod: Pod = {
      ...this.#server,
      name: `${role}-${++this.#count}`,
      node: "node-1",
      labels: new Map([["app", role]]),
      addresses: podAddresses(1, addressNumber),
      ports: [],
    };
    const { lab } = this.#cluster;
    await lab.arrange({ ...this.#base, pods: [...this.#base.pods, pod] });
    await this.#seen.forget();
    const process = await lab.process(placeOfPod(pod));
    const connect = (): Promise<Attempts> => this.#connect(process);
    return { pod, connect, ...(await connect()) };
  }

  /** Gives when its address was written. The object of the pod before it is still there then, and goes right after. */
  async tellApi({ name, labels, addresses }: Pod): Promise<number> {
    const cluster = this.#cluster;
    const pod = { namespace: "shop", name, node: "node-1", labels: Object.fromEntries(labels), addresses };
    await cluster.createPod(pod);
    const toldAt = performance.now();
    await cluster.addressPod(pod);
    if (this.#told !== undefined) await cluster.deletePod("shop", this.#told);
    this.#told = name;
    return toldAt;
  }

  /** Packets from a pod's addresses that reached the server since the last pod was started. */
  packetsOf({ addresses }: Pod): Promise<number> {
    return this.#seen.from(addresses);
  }

  async #connect(process: Awaited<ReturnType<Lab["process"]>>): Promise<Attempts> {
    const loops: number[] = [];
    for (const address of this.#server.addresses) {
      for (const protocol of ["TCP", "UDP"] as const) {
        const to = { address: formatAddress(address), port: 80, expect: "shop/server" };
        const probe: ProbeOrder = { protocol, ...to, timeoutMs: this.#timeoutMs };
        loops.push((await process.ask("startLoop", { probe, concurrency: 1 })).loop);
      }
    }
    const sum = async (ask: "loopCounts" | "stopLoop"): Promise<number> => {
      const counts = await Promise.all(loops.map((loop) => process.ask(ask, { loop })));
      return counts.reduce((total, { open }) => total + open, 0);
    };
    return { through: () => sum("loopCounts"), stop: () => sum("stopLoop") };
  }
}

function serverOf({ pods }: Cluster): Pod {
  const server = pods.find(({ name }) => name === "server");
  if (server === undefined) throw new Error("there is no server");
  return server;
}
