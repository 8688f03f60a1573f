import { isSlip } from "../analyze/findings/near-labels.ts";
import { nearest } from "../api/nearest.ts";
import type { Connection, Endpoint } from "../evaluate/connection.ts";
import type { RuleMiss } from "../evaluate/verdict.ts";
import type { Cluster } from "../model/cluster.ts";
import type { Direction, IpBlockPeer, PodPeer, PolicyPeer, PolicyPort } from "../model/network-policy.ts";
import { type Pod, isPolicyPod } from "../model/pod.ts";
import { type LabelSelector, type Labels, type SelectorRequirement, requirementHolds } from "../model/selector.ts";
import { cidrContains } from "../net/cidr.ts";
import type { LabelMiss, MissCause, PeerCause, PortCause } from "./miss-cause.ts";
import { servicePortMiss } from "./service-port-miss.ts";

/** Why a rule does not allow a connection: one cause for each item of the half, or halves, that fail. */
export function missCauses(
  cluster: Cluster,
  connection: Connection,
  direction: Direction,
  miss: RuleMiss,
): MissCause[] {
  const peer = direction === "egress" ? connection.destination : connection.source;
  return [
    ...(miss.peersMatch ? [] : miss.rule.peers.map((item) => peerCause(cluster, miss.policy.namespace, item, peer))),
    ...(miss.portsMatch ? [] : miss.rule.ports.map((item) => portCause(cluster, item, connection))),
  ];
}

function peerCause(cluster: Cluster, namespace: string, item: PolicyPeer, peer: Endpoint): PeerCause {
  return item.kind === "ipBlock" ? blockCause(item, peer) : podCause(cluster, namespace, item, peer);
}

function blockCause(peer: IpBlockPeer, { address }: Endpoint): PeerCause {
  if (address === undefined) return { kind: "no-address", peer };
  const except = peer.except.find((cidr) => cidrContains(cidr, address));
  return except !== undefined && cidrContains(peer.cidr, address)
    ? { kind: "excepted", peer, except }
    : { kind: "outside-block", peer };
}

function podCause(cluster: Cluster, namespace: string, peer: PodPeer, end: Endpoint): PeerCause {
  if (end.kind === "address") return { kind: "not-a-pod", peer, why: "address" };
  const { pod } = end;
  if (!isPolicyPod(pod)) return { kind: "not-a-pod", peer, why: pod.hostNetwork ? "hostNetwork" : "completed" };
  if (peer.namespaceSelector === undefined) {
    if (pod.namespace !== namespace) return { kind: "other-namespace", peer, wanted: namespace, found: pod.namespace };
  } else {
    const labels = cluster.namespaces.get(pod.namespace)?.labels ?? new Map<string, string>();
    const miss = labelMiss(peer.namespaceSelector, labels, cluster.namespaces.values());
    if (miss !== undefined) return { kind: "namespace-label", peer, ...miss };
  }
  const miss =
    peer.podSelector === undefined ? undefined : labelMiss(peer.podSelector, pod.labels, neighbours(cluster, pod));
  if (miss === undefined) throw new Error("asked why a peer does not match that does");
  return { kind: "pod-label", peer, ...miss };
}

function* neighbours({ pods }: Cluster, { namespace }: Pod): Generator<Pod> {
  for (const pod of pods) if (pod.namespace === namespace) yield pod;
}

/** The first requirement that does not hold. What some of the others meet was meant as it is written. */
function labelMiss(
  selector: LabelSelector,
  labels: Labels,
  others: Iterable<{ readonly labels: Labels }>,
): LabelMiss | undefined {
  const requirement = selector.requirements.find((candidate) => !requirementHolds(candidate, labels));
  if (requirement === undefined) return undefined;
  const found = labels.get(requirement.key);
  const near = requirement.operator === "NotIn" ? undefined : nearMiss(requirement.key, requirement.values, labels);
  return {
    requirement,
    ...(found === undefined ? {} : { found }),
    ...(near === undefined || isMetByAny(requirement, others) ? {} : { near }),
  };
}

function isMetByAny(requirement: SelectorRequirement, others: Iterable<{ readonly labels: Labels }>): boolean {
  for (const { labels } of others) if (requirementHolds(requirement, labels)) return true;
  return false;
}

function nearMiss(key: string, values: readonly string[], labels: Labels): LabelMiss["near"] {
  const value = labels.get(key);
  if (value !== undefined) return values.some((wanted) => isSlip(wanted, value)) ? { key, value } : undefined;
  const nearKey = nearest(key, [...labels.keys()]);
  return nearKey === undefined ? undefined : { key: nearKey, value: labels.get(nearKey) as string };
}

function portCause(cluster: Cluster, item: PolicyPort, connection: Connection): PortCause {
  const { protocol, destination } = connection;
  if (item.protocol !== protocol) return { kind: "other-protocol", item };
  if (item.port.kind !== "named") {
    const servicePort = servicePortMiss(cluster, item, connection);
    return { kind: "other-port", item, ...(servicePort === undefined ? {} : { servicePort }) };
  }
  if (destination.kind === "address" || !isPolicyPod(destination.pod)) return { kind: "undeclared-name", item };
  const { name } = item.port;
  const declared = destination.pod.ports.filter((port) => port.name !== undefined);
  const numbers = declared.filter((port) => port.name === name && port.protocol === protocol).map(({ port }) => port);
  if (numbers.length > 0) return { kind: "other-named-port", item, numbers };
  return {
    kind: "undeclared-name",
    item,
    declared: declared.map((port) => `${port.name as string} (${port.port}/${port.protocol})`),
  };
}
