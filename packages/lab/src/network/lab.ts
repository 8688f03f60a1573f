import { mkdir } from "node:fs/promises";
import {
  type Address,
  type Cluster,
  type ClusterNode,
  type NodeLinks,
  type Pod,
  formatAddress,
  podKey,
} from "@podwall/engine";
import type { Listener } from "../pod/messages.ts";
import { frontendsOf } from "../services/frontends.ts";
import { serviceRules } from "../services/service-rules.ts";
import { hostsFile, resolvConf, zoneOf } from "../services/zone.ts";
import { pathInside } from "../world/enter.ts";
import { World } from "../world/world.ts";
import { each } from "./each.ts";
import { type LabNode, layNodes, outsideLink, outsideNetns } from "./lay-nodes.ts";
import { addAddresses, podInterfacePrefix, routesTo } from "./links.ts";
import { type Place, nameOfPlace, outside, placeOfPod } from "./place.ts";
import { type LinkedPod, layPods, readdressPods, removePod } from "./pod-links.ts";
import { PodProcess } from "./pod-process.ts";
import { type WantedPod, wantedListeners, wantedPods } from "./wanted.ts";

export interface LabOptions {
  /** The file of the bundled pod program. */
  readonly podProgram: string;
  /** The nodes there are, with addresses and pod ranges of the lab's address plan. */
  readonly nodes: readonly ClusterNode[];
}

/** Something that could not be arranged as asked. */
export interface NotListening {
  readonly place: Place;
  readonly listener: Listener;
  readonly because: string;
}

interface RunningPod extends LinkedPod {
  readonly process: PodProcess;
}

/** Programs that are started at a time; each is busy for some tens of milliseconds. */
const startConcurrency = 8;

/**
 * Pods as network namespaces on routed nodes, in a private network of their own. The lab arranges pods, listeners, Services
 * and names; policies are not its business. All of it ends with `close`, or with this process.
 */
export class Lab {
  readonly world: World;
  readonly nodes: readonly LabNode[];
  readonly #podProgram: string;
  readonly #pods = new Map<string, RunningPod>();
  readonly #hosts = new Map<string, PodProcess>();
  readonly #numbers = new Map<string, number>();
  #lastNumber = 0;
  #outsideAddresses: readonly Address[] = [];

  private constructor(world: World, nodes: readonly LabNode[], podProgram: string) {
    this.world = world;
    this.nodes = nodes;
    this.#podProgram = podProgram;
  }

  /** Rejects with `WorldUnavailable` where namespaces are refused. */
  static async open({ podProgram, nodes }: LabOptions): Promise<Lab> {
    const world = await World.open();
    try {
      const labNodes = nodes.map((node, index) => ({ node, netns: `node-${index + 1}` }));
      await layNodes(world, labNodes);
      return new Lab(world, labNodes, podProgram);
    } catch (error) {
      await world.close();
      throw error;
    }
  }

  /**
   * Makes the network as a placed cluster says: pods come, go, move and change addresses; listeners, Services and names
   * follow. Gives the ports that nobody can listen on.
   */
  async arrange(
    cluster: Cluster,
    onPod: (started: number, of: number) => void = () => undefined,
  ): Promise<readonly NotListening[]> {
    const wanted = wantedPods(cluster, new Set(this.nodes.map(({ node }) => node.name)));
    const gone = [...this.#pods.values()].filter(({ key, node }) => wanted.get(key)?.node !== node);
    await each(gone, startConcurrency, (pod) => this.#remove(pod));
    await this.#readdress(
      [...wanted.values()].filter((pod) => this.#pods.has(pod.key)),
      cluster,
    );
    const added = [...wanted.values()].filter(({ key }) => !this.#pods.has(key));
    await this.#add(added, cluster, onPod);
    await this.#serve(cluster);
    return this.#listen(cluster);
  }

  /** Gives the rest of the world addresses, with listeners on them. */
  async arrangeOutside(addresses: readonly Address[], listeners: readonly Listener[]): Promise<void> {
    const before = new Set(this.#outsideAddresses.map(formatAddress));
    const added = addresses.filter((address) => !before.has(formatAddress(address)));
    await this.world.ip(addAddresses("eth0", added), outsideNetns);
    await this.world.ip(routesTo(outsideLink, added));
    this.#outsideAddresses = [...this.#outsideAddresses, ...added];
    await (await this.process(outside)).ask("listen", { name: nameOfPlace(outside), listeners });
  }

  /** The keys of the pods that have a namespace of their own. */
  get podKeys(): readonly string[] {
    return [...this.#pods.keys()];
  }

  /** What an agent on one of the nodes sees of the pods' links. */
  readonly links: NodeLinks = {
    interfaceOf: (pod: Pod) => (pod.hostNetwork ? undefined : this.#linkOf(podKey(pod))),
    podInterfacePrefix,
  };

  /** What to put before a command to run it in a place; in a pod, names resolve as they do for the pod. */
  command(place: Place): readonly string[] {
    const { netns, etc } = this.inside(place);
    return etc === undefined ? this.world.command(netns) : this.world.podCommand(netns, etc);
  }

  /** Where a place is in the lab's world: its network namespace, and the folder of its own /etc files, if it has any. */
  inside(place: Place): { readonly netns: string; readonly etc?: string } {
    if (place.kind === "outside") return { netns: outsideNetns };
    const netns =
      place.kind === "node"
        ? this.nodes.find(({ node }) => node.name === place.name)?.netns
        : this.#pods.get(place.key)?.netns;
    if (netns === undefined) throw new Error(`there is no ${nameOfPlace(place)} in the lab`);
    return place.kind === "node" ? { netns } : { netns, etc: etcOf(netns) };
  }

  /** The pod program in a place; nodes and the rest of the world get theirs when it is first asked for. */
  async process(place: Place): Promise<PodProcess> {
    if (place.kind === "pod") {
      const pod = this.#pods.get(place.key);
      if (pod === undefined) throw new Error(`there is no ${nameOfPlace(place)} in the lab`);
      return pod.process;
    }
    const name = nameOfPlace(place);
    const running = this.#hosts.get(name);
    if (running !== undefined) return running;
    const process = await PodProcess.start(this.command(place), this.#podProgram, name);
    await process.ask("listen", { name, listeners: [] });
    this.#hosts.set(name, process);
    return process;
  }

  close(): Promise<void> {
    return this.world.close();
  }

  async #add(
    pods: readonly WantedPod[],
    cluster: Cluster,
    onPod: (started: number, of: number) => void,
  ): Promise<void> {
    const linked = pods.map((pod) => ({
      ...pod,
      netns: `pod-${this.#numberOf(pod.key)}`,
      link: this.#linkOf(pod.key),
    }));
    await layPods(this.world, this.nodes, linked);
    let started = 0;
    await each(linked, startConcurrency, async (pod) => {
      await this.#writeEtc(pod, cluster);
      const enter = this.world.podCommand(pod.netns, etcOf(pod.netns));
      this.#pods.set(pod.key, { ...pod, process: await PodProcess.start(enter, this.#podProgram, pod.key) });
      onPod(++started, pods.length);
    });
  }

  async #remove(pod: RunningPod): Promise<void> {
    this.#pods.delete(pod.key);
    await pod.process.stop();
    await removePod(this.world, this.nodes, pod);
    this.#numbers.delete(pod.key);
  }

  async #readdress(pods: readonly WantedPod[], cluster: Cluster): Promise<void> {
    const changed = pods.flatMap((pod) => {
      const running = this.#pods.get(pod.key) as RunningPod;
      const { addresses: before } = running;
      return textOf(before) === textOf(pod.addresses) ? [] : [{ ...running, addresses: pod.addresses, before }];
    });
    await readdressPods(this.world, this.nodes, changed);
    for (const { before: _, ...pod } of changed) {
      this.#pods.set(pod.key, pod);
      await this.#writeEtc(pod, cluster);
    }
  }

  async #writeEtc({ namespace, name, addresses, netns }: LinkedPod, cluster: Cluster): Promise<void> {
    await mkdir(pathInside(this.world.entrance, etcOf(netns)), { recursive: true });
    const dns = cluster.services.find((service) => service.namespace === "kube-system" && service.name === "kube-dns");
    await this.world.writeFile(
      `${etcOf(netns)}/resolv.conf`,
      resolvConf(namespace, (dns?.addresses ?? []).map(formatAddress)),
    );
    await this.world.writeFile(`${etcOf(netns)}/hosts`, hostsFile(name, addresses.map(formatAddress)));
  }

  async #serve(cluster: Cluster): Promise<void> {
    const frontends = frontendsOf(cluster);
    await each(this.nodes, startConcurrency, async ({ node, netns }) => {
      await this.world.run(["nft", "-f", "-"], { netns, input: serviceRules(frontends, node) });
    });
    const zone = zoneOf(cluster);
    const servers = cluster.pods.filter((pod) => !pod.completed && pod.ports.some(({ port }) => port === 53));
    await each(
      servers,
      startConcurrency,
      async (pod) => void (await (await this.process(placeOfPod(pod))).ask("zone", { zone })),
    );
  }

  async #listen(cluster: Cluster): Promise<readonly NotListening[]> {
    const failures: NotListening[] = [];
    const wanted = wantedListeners(cluster);
    const silent = [...this.#hosts].filter(([name]) => !wanted.has(name) && name !== nameOfPlace(outside));
    await each(
      silent,
      startConcurrency,
      async ([name, process]) => void (await process.ask("listen", { name, listeners: [] })),
    );
    await each(wanted.values(), startConcurrency, async ({ place, listeners }) => {
      if (place.kind === "pod" && !this.#pods.has(place.key)) return;
      const process = await this.process(place);
      const failed = await process.ask("listen", { name: nameOfPlace(place), listeners });
      failures.push(...failed.map((failure) => ({ place, ...failure })));
    });
    return failures;
  }

  #linkOf(key: string): string {
    return `${podInterfacePrefix}${this.#numberOf(key)}`;
  }

  /** Numbers are not used again, so that nothing is mistaken for what had the number before. */
  #numberOf(key: string): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#lastNumber++;
    this.#numbers.set(key, this.#lastNumber);
    return this.#lastNumber;
  }
}

function etcOf(netns: string): string {
  return `/run/podwall/${netns}`;
}

function textOf(addresses: readonly Address[]): string {
  return addresses.map(formatAddress).join(" ");
}
