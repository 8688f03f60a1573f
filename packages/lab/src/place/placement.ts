import {
  type Address,
  type Cluster,
  type ClusterNode,
  type Family,
  type Pod,
  type Service,
  formatAddress,
  podKey,
} from "@podwall/engine";
import { dnsServiceNumber, labNode, maxPodsOfNode, podAddresses, serviceAddresses } from "../network/lab-addresses.ts";

interface Spot {
  /** The node's number, from 1. */
  readonly node: number;
  /** The pod's number on that node, from 1; absent for a pod that uses the node's network. */
  readonly pod?: number;
}

export interface PlacementOptions {
  /** How many nodes there are where none is declared. */
  readonly nodes: number;
  /** The families that pods and Services have addresses of. */
  readonly families: readonly Family[];
}

/** Decides where pods run and which addresses pods and Services have; what has been decided stays while it can. */
export class Placement {
  readonly nodes: readonly ClusterNode[];
  #spots = new Map<string, Spot>();
  #services = new Map<string, number>();
  readonly #families: readonly Family[];
  readonly #lastPod: number[];

  /** With the nodes of the manifests, or as many as asked for where they have none. */
  constructor(declared: readonly ClusterNode[], { nodes, families }: PlacementOptions) {
    this.nodes =
      declared.length > 0
        ? declared.map(({ name, labels }, index) => labNode(index + 1, name, labels))
        : Array.from({ length: nodes }, (_, index) => labNode(index + 1, `node-${index + 1}`));
    this.#families = families;
    this.#lastPod = this.nodes.map(() => 0);
  }

  /** The cluster with everything placed. Pods beyond what a node has room for stay without a node. */
  place(cluster: Cluster): Cluster {
    this.#forgetPods(cluster.pods);
    return {
      ...cluster,
      nodes: new Map(this.nodes.map((node) => [node.name, node])),
      pods: cluster.pods.map((pod) => this.#placePod(pod)),
      services: this.#placeServices(cluster.services),
    };
  }

  #forgetPods(pods: readonly Pod[]): void {
    const present = new Map(pods.map((pod) => [podKey(pod), pod]));
    for (const [key, spot] of this.#spots) {
      const pod = present.get(key);
      const asked = pod === undefined ? undefined : this.#askedNode(pod);
      const kept = pod !== undefined && !pod.completed && pod.hostNetwork === (spot.pod === undefined);
      const stays = kept && (asked === undefined || asked === spot.node);
      if (!stays) this.#spots.delete(key);
    }
  }

  #placePod(pod: Pod): Pod {
    const { node: _, ...rest } = pod;
    if (pod.completed) return { ...pod, addresses: [] };
    const spot = this.#spots.get(podKey(pod)) ?? this.#newSpot(pod);
    if (spot === undefined) return { ...rest, addresses: [] };
    this.#spots.set(podKey(pod), spot);
    const node = this.nodes[spot.node - 1] as ClusterNode;
    const addresses = spot.pod === undefined ? node.addresses : podAddresses(spot.node, spot.pod);
    return { ...pod, node: node.name, addresses: this.#ofFamilies(addresses) };
  }

  #newSpot(pod: Pod): Spot | undefined {
    const node = this.#askedNode(pod) ?? this.#emptiestNode(pod.hostNetwork);
    if (pod.hostNetwork) return { node };
    const used = new Set([...this.#spots.values()].filter((spot) => spot.node === node).map((spot) => spot.pod));
    if (used.size >= maxPodsOfNode) return undefined;
    let number = this.#lastPod[node - 1] ?? 0;
    // Onwards from the last one, so that an address is used again as late as possible.
    do number = (number % maxPodsOfNode) + 1;
    while (used.has(number));
    this.#lastPod[node - 1] = number;
    return { node, pod: number };
  }

  #askedNode({ node }: Pod): number | undefined {
    const index = this.nodes.findIndex(({ name }) => name === node);
    return index < 0 ? undefined : index + 1;
  }

  /** Pods that use their nodes' networks are spread by themselves, because they share ports. */
  #emptiestNode(hostNetwork: boolean): number {
    const counts = this.nodes.map(() => 0);
    for (const { node, pod } of this.#spots.values()) {
      if ((pod === undefined) === hostNetwork) counts[node - 1] = (counts[node - 1] ?? 0) + 1;
    }
    return counts.indexOf(Math.min(...counts)) + 1;
  }

  #placeServices(services: readonly Service[]): Service[] {
    const taken = new Set(services.flatMap(({ addresses }) => addresses.map(formatAddress)));
    const numbers = new Map<string, number>();
    const numberFor = (key: string): number => {
      const known = this.#services.get(key);
      if (known !== undefined) return known;
      const used = new Set([...this.#services.values(), ...numbers.values()]);
      let number = dnsServiceNumber + 1;
      while (used.has(number) || isTaken(number, taken)) number++;
      return number;
    };
    const placed = services.map((service): Service => {
      if (service.headless || service.type === "ExternalName" || service.addresses.length > 0) return service;
      const key = podKey(service);
      const number = numberFor(key);
      numbers.set(key, number);
      return { ...service, addresses: this.#ofFamilies(serviceAddresses(number)) };
    });
    this.#services = numbers;
    return placed;
  }

  #ofFamilies(addresses: readonly Address[]): readonly Address[] {
    return addresses.filter(({ family }) => this.#families.includes(family));
  }
}

function isTaken(number: number, taken: ReadonlySet<string>): boolean {
  return serviceAddresses(number).some((address: Address) => taken.has(formatAddress(address)));
}
