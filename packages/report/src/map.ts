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
   * Every ordered pair of different ends, of one end with itself where it stands for several pods, and of each end with the
   * blocks that policies name and with `outside`, an address that none names.
   */
  readonly pairs: readonly MapPair[];
}

export interface MapEnd {
  /** `namespace/name` of a workload or pod. */
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

/** The ends that are no pods: every block and exception that policies name, and `outside` for what none names. */
function outsideEnds(cluster: Cluster): Map<string, Endpoint> {
  const blocks = new Map<string, Cidr>();
  for (const policy of cluster.policies) {
    for (const { peers } of [...policy.ingress, ...policy.egress]) {
      for (const peer of peers) {
        if (peer.kind !== "ipBlock") continue;
        for (const cidr of [peer.cidr, ...peer.except]) if (cidr.prefix > 0) blocks.set(formatCidr(cidr), cidr);
      }
    }
  }
  const named = [...blocks.values()];
  const stranger = strangers
    .map((text) => parseAddress(text) as Address)
    .find((address) => !named.some((cidr) => cidrContains(cidr, address)));
  return new Map([
    ...[...blocks].map(([name, cidr]): [string, Endpoint] => [name, { kind: "address", address: cidr.first }]),
    ...(stranger === undefined ? [] : [["outside", { kind: "address", address: stranger }] as [string, Endpoint]]),
  ]);
}

/** Works out the whole map. */
export function connectionMap(cluster: Cluster): ConnectionMap {
  const groups = groupPods(cluster.pods.filter(isPolicyPod));
  const ends = [...groups].map(([name, pods]) => ({
    name,
    pods: pods.map(podKey),
    open: openDirections(cluster, pods),
  }));
  const fast = new FastEvaluator(cluster);
  const others = outsideEnds(cluster);
  const pairs: MapPair[] = [];
  for (const [source, [from]] of groups) {
    for (const [destination, targets] of groups) {
      const to = source === destination ? targets[1] : targets[0];
      if (from === undefined || to === undefined) continue;
      pairs.push({ source, destination, connections: fast.connections(endpointOf(from), endpointOf(to)) });
    }
    if (from === undefined) continue;
    const inside = endpointOf(from);
    for (const [name, other] of others) {
      pairs.push({ source, destination: name, connections: fast.connections(inside, other) });
      pairs.push({ source: name, destination: source, connections: fast.connections(other, inside) });
    }
  }
  return { ends, pairs };
}

function openDirections(cluster: Cluster, [pod]: readonly Pod[]): Direction[] {
  if (pod === undefined) return [];
  return directions.filter((direction) => isolatingPolicies(cluster, pod, direction).length === 0);
}

/** Pods of one workload with equal labels and ports. */
function groupPods(pods: readonly Pod[]): Map<string, Pod[]> {
  const byLook = new Map<string, { readonly name: string; readonly pods: Pod[] }>();
  for (const pod of pods) {
    const owner = pod.workload === undefined ? pod.name : pod.workload.name;
    const labels = [...pod.labels].map(([key, value]) => `${key}=${value}`).sort();
    const look = JSON.stringify([pod.namespace, pod.workload?.kind, owner, labels, pod.ports]);
    const group = byLook.get(look);
    if (group === undefined) byLook.set(look, { name: `${pod.namespace}/${owner}`, pods: [pod] });
    else group.pods.push(pod);
  }
  const names = [...byLook.values()].map(({ name }) => name);
  const named = [...byLook.values()].map(({ name, pods: members }): [string, Pod[]] => {
    const alone = names.filter((other) => other === name).length === 1;
    return [alone ? name : podKey(members[0] as Pod), members];
  });
  return new Map(named);
}

/** One line for each pair that may exchange something, by source. */
export function mapText({ ends, pairs }: ConnectionMap, style: Style): string {
  const open = pairs.filter(({ connections: set }) => !isEmpty(set));
  const width = Math.max(0, ...open.map(({ source }) => printable(source).length));
  const to = Math.max(0, ...open.map(({ destination }) => printable(destination).length));
  const lines = open.map(({ source, destination, connections: set }) => {
    const text = formatConnections(set);
    const shown = text === formatConnections(allConnections) ? style.warn(text) : style.good(text);
    return `${printable(source).padEnd(width)} -> ${printable(destination).padEnd(to)}  ${shown}`;
  });
  const closed = pairs.length - open.length;
  const summary = `${ends.length} ends, ${pairs.length} pairs: ${open.length} may talk, ${closed} may not`;
  const isolation = directions.map((direction) => openText(ends, direction));
  return [...lines, ...(lines.length === 0 ? [] : [""]), summary, ...isolation].join("\n");
}

function openText(ends: readonly MapEnd[], direction: Direction): string {
  const names = ends.filter(({ open }) => open.includes(direction)).map(({ name }) => printable(name));
  return `not isolated for ${direction}: ${names.length === 0 ? "none" : names.join(", ")}`;
}

export function mapJson({ ends, pairs }: ConnectionMap): string {
  return jsonOutput("ConnectionMap", {
    ends,
    pairs: pairs.map(({ source, destination, connections: set }) => ({
      source,
      destination,
      allowed: !isEmpty(set),
      connections: jsonConnections(set),
    })),
  });
}
