import {
  type Address,
  type Cluster,
  type ConnectionSet,
  type Endpoint,
  type Pod,
  connections,
  endpointAt,
  endpointOf,
  formatAddress,
  formatConnections,
  noConnections,
  parseAddress,
  podKey,
} from "@podwall/engine";
import { Random } from "../generate/random.ts";
import { openPairs, sizeOf } from "./open-pairs.ts";
import type { PodClass, PodwallMap } from "./podwall-map.ts";

/** What was compared with the reference evaluator, and where it differed. */
export interface ReferenceCheck {
  readonly pairs: number;
  /** How many of them may exchange something. */
  readonly open: number;
  /** A line each. */
  readonly differences: readonly string[];
}

/** A pair to compare; `mapped` is what the map says of it, absent where maps say nothing. */
interface Sample {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly mapped?: ConnectionSet;
}

/**
 * Compares random pairs with the reference evaluator, both what the map holds of them and what one question gets: two
 * fifths of any two pods, two fifths of pods that the map says may talk (few of all pairs may), and a fifth of a pod and
 * an address. `seed` names the choice.
 */
export function checkAgainstReference(cluster: Cluster, map: PodwallMap, count: number, seed: string): ReferenceCheck {
  const random = new Random(seed);
  const podPairs = Math.floor((count * 2) / 5);
  const any = anyPods(map, podPairs, random);
  const open = openPods(map, podPairs, random);
  const others = podsAndAddresses(cluster, map, count - any.length - open.length, random);
  const samples = [...any, ...open, ...others];
  const differences: string[] = [];
  let allowing = 0;
  for (const { source, destination, mapped } of samples) {
    const expected = formatConnections(connections(cluster, source, destination));
    const answered = formatConnections(map.connections(source, destination));
    const held = mapped === undefined ? expected : formatConnections(mapped);
    if (expected !== "none") allowing++;
    if (answered === expected && held === expected) continue;
    const pair = `${endText(source)} -> ${endText(destination)}`;
    differences.push(`${pair}: reference ${expected}; one question ${answered}; map ${held}`);
  }
  return { pairs: samples.length, open: allowing, differences };
}

/** Two different pods; what is not in the map is closed. */
function anyPods({ classes, blocks }: PodwallMap, count: number, random: Random): Sample[] {
  const members = classes.flatMap((podClass) => [...podClass.pods].map((pod) => ({ pod, podClass })));
  type Member = (typeof members)[number];
  if (members.length < 2) return [];
  const chosen = Array.from({ length: count }, (): readonly [Member, Member] => {
    const from = random.below(members.length);
    const to = (from + 1 + random.below(members.length - 1)) % members.length;
    return [members[from] as Member, members[to] as Member];
  });
  const mapped = new Map<PodClass, Map<PodClass, ConnectionSet>>(chosen.map(([from]) => [from.podClass, new Map()]));
  for (const [from, to] of chosen) mapped.get(from.podClass)?.set(to.podClass, noConnections);
  for (const { source, destination, connections: set } of openPairs(blocks())) {
    const row = mapped.get(source);
    if (row?.has(destination) === true) row.set(destination, set);
  }
  return chosen.map(([from, to]) => ({
    source: endpointOf(from.pod),
    destination: endpointOf(to.pod),
    mapped: mapped.get(from.podClass)?.get(to.podClass) ?? noConnections,
  }));
}

/** Pods of pairs of classes that the map holds, each pair as likely as another. */
function openPods({ blocks }: PodwallMap, count: number, random: Random): Sample[] {
  const { classPairs } = sizeOf(openPairs(blocks()));
  if (classPairs === 0) return [];
  const wanted = Array.from({ length: count }, () => random.below(classPairs)).sort((a, b) => a - b);
  const samples: Sample[] = [];
  let at = 0;
  for (const { source, destination, connections: mapped } of openPairs(blocks())) {
    while (wanted[samples.length] === at) {
      const from = random.pick([...source.pods]);
      const to = random.pick([...destination.pods].filter((pod) => pod !== from));
      samples.push({ source: endpointOf(from), destination: endpointOf(to), mapped });
    }
    at++;
  }
  return samples;
}

/** A pod, by any of its addresses, and an address that may be in a block, a node's, another pod's or nobody's. */
function podsAndAddresses(cluster: Cluster, { classes }: PodwallMap, count: number, random: Random): Sample[] {
  const pods = classes.flatMap((podClass) => [...podClass.pods]);
  const nodes = [...cluster.nodes.values()].flatMap(({ addresses }) => addresses);
  const end = (pod: Pod): Endpoint =>
    pod.addresses.length === 0 ? endpointOf(pod) : { kind: "pod", pod, address: random.pick(pod.addresses) };
  return Array.from({ length: count }, () => {
    const pod = end(random.pick(pods));
    const address = nodes.length > 0 && random.below(8) === 0 ? random.pick(nodes) : anyAddress(random);
    const other = endpointAt(cluster, address);
    return random.below(2) === 0 ? { source: pod, destination: other } : { source: other, destination: pod };
  });
}

/** Of addresses that generated blocks, nodes and pods have, and of some that nothing has. */
const prefixes = [
  "203.0.113.",
  "10.64.0.",
  "10.64.1.",
  "10.9.0.",
  "8.8.8.",
  "198.51.100.",
  "169.254.169.",
  "172.18.0.",
];
const prefixes6 = ["2001:db8::", "2001:db8:7::", "fd00:10:64::", "fd00:10:64:1::", "2606:4700::"];

function anyAddress(random: Random): Address {
  const byte = random.below(256);
  const isIpv6 = random.below(4) === 0;
  const text = isIpv6 ? `${random.pick(prefixes6)}${byte.toString(16)}` : `${random.pick(prefixes)}${byte}`;
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  return address;
}

function endText(end: Endpoint): string {
  return end.kind === "pod" ? podKey(end.pod) : formatAddress(end.address);
}
