import {
  type Address,
  type Cidr,
  type Cluster,
  type ConnectionSet,
  type Direction,
  type Endpoint,
  FastEvaluator,
  type Pod,
  allConnections,
  cidrContains,
  endpointOf,
  formatCidr,
  formatConnections,
  isEmpty,
  isPolicyPod,
  isolatingPolicies,
  parseAddress,
  podKey,
} from "@podwall/engine";
import { jsonOutput } from "./json.ts";
import { printable } from "./printable.ts";
import type { Style } from "./style.ts";
import { jsonConnections } from "./verdict-json.ts";

/** Who may talk to whom: pods that policies treat alike are one end, under their workload's name. */
export interface ConnectionMap {
  readonly ends: readonly MapEnd[];
  /**
   * The ordered pairs that may exchange something: of different ends, of one end with itself where it stands for several
   * pods, and of each end with the blocks that policies name and with `outside`, an address that none names.
   */
  readonly pairs: readonly MapPair[];
  /** How many pairs may not. */
  readonly closed: number;
}

export interface MapEnd {
  /** `namespace/name` of a workload or pod; of the first of several pods that are alike. */
  readonly name: string;
  readonly pods: readonly string[];
  /** Directions that no policy isolates it for, so everything may pass. */
  readonly open: readonly Direction[];
}

export interface MapPair {
  readonly source: string;
  readonly destination: string;
  readonly connections: ConnectionSet;
}

const directions: readonly Direction[] = ["ingress", "egress"];

/** Documentation addresses (RFC 5737) and more; the first that no policy names stands for everything outside. */
const strangers = ["192.0.2.1", "198.51.100.1", "203.0.113.1", "8.8.8.8", "1.1.1.1", "100.64.0.1", "172.31.255.1"];

/** Every block and exception that policies name, by its text. */
function namedBlocks(cluster: Cluster): Map<string, Cidr> {
  const blocks = new Map<string, Cidr>();
  for (const policy of cluster.policies) {
    for (const { peers } of [...policy.ingress, ...policy.egress]) {
      for (const peer of peers) {
        if (peer.kind !== "ipBlock") continue;
        for (const cidr of [peer.cidr, ...peer.except]) if (cidr.prefix > 0) blocks.set(formatCidr(cidr), cidr);
      }
    }
  }
  return blocks;
}

/** The ends that are no pods: every named block, and `outside` for what none holds. */
function outsideEnds(blocks: ReadonlyMap<string, Cidr>): Map<string, Endpoint> {
  const stranger = strangers
    .map((text) => parseAddress(text) as Address)
    .find((address) => ![...blocks.values()].some((cidr) => cidrContains(cidr, address)));
  return new Map([
    ...[...blocks].map(([name, cidr]): [string, Endpoint] => [name, { kind: "address", address: cidr.first }]),
    ...(stranger === undefined ? [] : [["outside", { kind: "address", address: stranger }] as [string, Endpoint]]),
  ]);
}

/** Works out the whole map. */
export function connectionMap(cluster: Cluster): ConnectionMap {
  const blocks = namedBlocks(cluster);
  const groups = groupPods(cluster.pods.filter(isPolicyPod), blocks);
  const ends = [...groups].map(([name, pods]) => ({
    name,
    pods: pods.map(podKey),
    open: openDirections(cluster, pods),
  }));
  const fast = new FastEvaluator(cluster);
  const others = outsideEnds(blocks);
  const pairs: MapPair[] = [];
  let closed = 0;
  const add = (source: string, from: Endpoint, destination: string, to: Endpoint): void => {
    const connections = fast.connections(from, to);
    if (isEmpty(connections)) closed++;
    else pairs.push({ source, destination, connections });
  };
  const firsts = [...groups].map(([name, pods]) => ({
    name,
    endpoints: pods.slice(0, 2).map((pod) => endpointOf(pod)),
  }));
  for (const { name: source, endpoints } of firsts) {
    const from = endpoints[0] as Endpoint;
    for (const { name: destination, endpoints: targets } of firsts) {
      const to = source === destination ? targets[1] : targets[0];
      if (to !== undefined) add(source, from, destination, to);
    }
    for (const [name, other] of others) {
      add(source, from, name, other);
      add(name, other, source, from);
    }
  }
  return { ends, pairs, closed };
}

function openDirections(cluster: Cluster, [pod]: readonly Pod[]): Direction[] {
  if (pod === undefined) return [];
  return directions.filter((direction) => isolatingPolicies(cluster, pod, direction).length === 0);
}

/**
 * Pods of one workload, and bare pods, with equal labels and ports; bare pods are of one group only where they are in the
 * same blocks as well.
 */
function groupPods(pods: readonly Pod[], blocks: ReadonlyMap<string, Cidr>): Map<string, Pod[]> {
  const byLook = new Map<string, Pod[]>();
  for (const pod of pods) {
    const labels = [...pod.labels].map(([key, value]) => `${key}=${value}`).sort();
    const held = pod.addresses.map((address) =>
      [...blocks].filter(([, cidr]) => cidrContains(cidr, address)).map(([name]) => name),
    );
    const look = JSON.stringify([pod.namespace, pod.workload, labels, pod.ports, held]);
    const group = byLook.get(look);
    if (group === undefined) byLook.set(look, [pod]);
    else group.push(pod);
  }
  const owners = new Map<string, number>();
  for (const [pod] of byLook.values()) owners.set(ownerOf(pod as Pod), (owners.get(ownerOf(pod as Pod)) ?? 0) + 1);
  return new Map(
    [...byLook.values()].map((members): [string, Pod[]] => {
      const first = members[0] as Pod;
      return [owners.get(ownerOf(first)) === 1 ? ownerOf(first) : podKey(first), members];
    }),
  );
}

function ownerOf(pod: Pod): string {
  return pod.workload === undefined ? podKey(pod) : `${pod.namespace}/${pod.workload.name}`;
}

/** One line for each pair that may exchange something, by source. */
export function mapText({ ends, pairs, closed }: ConnectionMap, style: Style): string {
  const width = pairs.reduce((widest, { source }) => Math.max(widest, printable(source).length), 0);
  const to = pairs.reduce((widest, { destination }) => Math.max(widest, printable(destination).length), 0);
  const lines = pairs.map(({ source, destination, connections: set }) => {
    const text = formatConnections(set);
    const shown = text === formatConnections(allConnections) ? style.warn(text) : style.good(text);
    return `${printable(source).padEnd(width)} -> ${printable(destination).padEnd(to)}  ${shown}`;
  });
  const summary = `${ends.length} ends, ${pairs.length + closed} pairs: ${pairs.length} may talk, ${closed} may not`;
  const isolation = directions.map((direction) => openText(ends, direction));
  return [...lines, ...(lines.length === 0 ? [] : [""]), summary, ...isolation].join("\n");
}

function openText(ends: readonly MapEnd[], direction: Direction): string {
  const names = ends.filter(({ open }) => open.includes(direction)).map(({ name }) => printable(name));
  return `not isolated for ${direction}: ${names.length === 0 ? "none" : names.join(", ")}`;
}

export function mapJson({ ends, pairs, closed }: ConnectionMap): string {
  return jsonOutput("ConnectionMap", {
    ends,
    closedPairs: closed,
    pairs: pairs.map(({ source, destination, connections: set }) => ({
      source,
      destination,
      connections: jsonConnections(set),
    })),
  });
}
