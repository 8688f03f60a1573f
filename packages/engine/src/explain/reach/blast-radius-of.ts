import type { Endpoint } from "../../evaluate/connection.ts";
import { endpointOf } from "../../evaluate/endpoint-of.ts";
import { FastEvaluator } from "../../evaluate/fast/fast-evaluator.ts";
import type { Cluster } from "../../model/cluster.ts";
import { type Pod, isSamePod, podKey } from "../../model/pod.ts";
import { type ConnectionSet, formatConnections, isEmpty, noConnections, union } from "../../net/connection-set.ts";
import { portSetHas } from "../../net/port-set.ts";
import { protocols } from "../../net/protocol.ts";
import type { BlastEnd, BlastOutside, BlastRadius, DeclaredPort } from "./blast-radius.ts";
import { ownerKey } from "./reach-of.ts";
import { reachedAddresses } from "./reached-addresses.ts";

export interface BlastOptions {
  /** Steps to follow at most; each may be a pod taken over. */
  readonly mostHops: number;
}

/**
 * What a pod that is taken over may reach, through others that are taken over in their turn. It says what policies let
 * pass, not what can be broken into: a port that nothing listens on is of no use to anybody.
 */
export function blastRadiusOf(cluster: Cluster, start: Pod, { mostHops }: BlastOptions): BlastRadius {
  const evaluator = new FastEvaluator(cluster);
  const groups = podGroups(cluster, evaluator, start);
  const first: Reached = {
    group: { name: ownerKey(start), pods: [start] },
    hops: 0,
    via: [],
    connections: noConnections,
  };
  const reached = new Map<Group, Reached>();
  let edge: readonly Reached[] = [first];
  for (let hops = 1; hops <= mostHops && edge.length > 0; hops++) {
    const found = new Map<Group, Reached>();
    for (const from of edge) {
      for (const group of groups) {
        if (reached.has(group)) continue;
        const connections = between(evaluator, from.group, group);
        if (isEmpty(connections)) continue;
        const known = found.get(group);
        const via = known?.via ?? [...from.via, from.group.name];
        found.set(group, { group, hops, via, connections: union(known?.connections ?? noConnections, connections) });
      }
    }
    for (const one of found.values()) reached.set(one.group, one);
    edge = [...found.values()];
  }
  const ends = [...reached.values()].map(blastEnd).sort(worstFirst);
  const safePods = groups.filter((group) => !reached.has(group)).reduce((sum, { pods }) => sum + pods.length, 0);
  const outside = outsideOf(cluster, evaluator, [first, ...reached.values()], mostHops);
  return { end: endpointOf(start), mostHops, ends, safePods, outside };
}

/** Pods of one workload that policies treat alike and that run in one place. */
interface Group {
  readonly name: string;
  readonly pods: readonly [Pod, ...Pod[]];
}

interface Reached {
  readonly group: Group;
  readonly hops: number;
  readonly via: readonly string[];
  readonly connections: ConnectionSet;
}

function podGroups(cluster: Cluster, evaluator: FastEvaluator, start: Pod): readonly Group[] {
  const groups = new Map<string, { name: string; pods: [Pod, ...Pod[]] }>();
  for (const pod of cluster.pods) {
    if (pod.completed || isSamePod(pod, start)) continue;
    const name = ownerKey(pod);
    const podClass = evaluator.classOf(pod);
    // Pods in their node's network are told apart by it.
    const key = `${pod.workload?.kind} ${name} ${podClass?.id ?? podKey(pod)}`;
    const same = groups.get(key);
    if (same === undefined) groups.set(key, { name, pods: [pod] });
    else same.pods.push(pod);
  }
  return [...groups.values()];
}

function between(evaluator: FastEvaluator, from: Group, to: Group): ConnectionSet {
  const [source, destination] = [endpointOf(from.pods[0]), endpointOf(to.pods[0])];
  return evaluator.connections(source, inFamilyOf(destination, source, to.pods[0]));
}

function inFamilyOf(end: Endpoint, other: Endpoint, pod: Pod): Endpoint {
  return pod.addresses.length > 1 ? endpointOf(pod, other.address?.family) : end;
}

function blastEnd({ group: { name, pods }, hops, via, connections }: Reached): BlastEnd {
  const declared = new Map<string, DeclaredPort>();
  for (const pod of pods) {
    for (const port of pod.ports) {
      if (portSetHas(connections[port.protocol], port.port)) declared.set(`${port.protocol} ${port.port}`, port);
    }
  }
  return { name, pods: pods.map(podKey), hops, via, connections, declared: [...declared.values()] };
}

function worstFirst(a: BlastEnd, b: BlastEnd): number {
  return a.hops - b.hops || portCount(b.connections) - portCount(a.connections) || (a.name < b.name ? -1 : 1);
}

function portCount(set: ConnectionSet): number {
  return protocols.reduce(
    (sum, protocol) => sum + set[protocol].reduce((ports, { first, last }) => ports + last - first + 1, 0),
    0,
  );
}

/** Addresses outside, each sort from the nearest that may send there. */
function outsideOf(
  cluster: Cluster,
  evaluator: FastEvaluator,
  reached: readonly Reached[],
  mostHops: number,
): readonly BlastOutside[] {
  const found = new Map<string, BlastOutside>();
  for (const { group, hops } of [...reached].sort((a, b) => a.hops - b.hops).slice(0, mostSenders)) {
    if (hops >= mostHops) continue;
    for (const addresses of reachedAddresses(cluster, evaluator, group.pods[0], "source")) {
      const key = `${formatConnections(addresses.connections)} ${JSON.stringify(addresses.intervals)}`;
      if (!found.has(key)) found.set(key, { ...addresses, from: group.name, hops });
    }
  }
  return [...found.values()];
}

/** What the outside hears is asked of so many ends at most. */
const mostSenders = 50;
