import type { ConnectionPool } from "../../../evaluate/fast/connection-pool.ts";
import { FastEvaluator } from "../../../evaluate/fast/fast-evaluator.ts";
import type { RuleTable } from "../../../evaluate/fast/rule-table.ts";
import type { Endpoint } from "../../../evaluate/connection.ts";
import { type Cluster, type Namespace, namespaceNameLabel } from "../../../model/cluster.ts";
import type { Direction } from "../../../model/network-policy.ts";
import type { OtherObject, OtherPolicy } from "../../../model/other-object.ts";
import { type Pod, isPolicyPod } from "../../../model/pod.ts";
import type { Via } from "../../../evaluate/fast/pod-class.ts";
import type { AppliedRule } from "../../../evaluate/fast/bound-rule.ts";
import { policiesOf } from "../missing-facts.ts";
import { labelled } from "../namespace-variation.ts";
import { type SeenState, type Ways, hasNoAddress, isOnlyNamed, noAddress } from "./ways.ts";

/** One way: the labels of the namespaces that are only named, by place in the ways, and the address of pods without one. */
export interface Way {
  /** One place for all of them, or one for each that matters. */
  readonly labels: number | ReadonlyMap<string, number>;
  readonly address: number;
}

/** A state of a cluster as it is in each way; what is asked in one way is judged by the fast evaluator of that way. */
export class WayCluster {
  readonly cluster: Cluster;
  readonly #ways: Ways;
  readonly #others: readonly OtherObject[];
  readonly #pool: ConnectionPool;
  readonly #readers = new Map<string, WayReader>();
  readonly #asks = new Map<RuleTable, Asks>();
  #given: WayReader | undefined;

  /** `pool` has the numbers of all answers. */
  constructor({ cluster, others, blocksHoldPods = true }: SeenState, ways: Ways, pool: ConnectionPool) {
    this.cluster = cluster;
    this.#ways = blocksHoldPods ? ways : { ...ways, addresses: [] };
    this.#others = others.filter(({ role }) => role === "policy");
    this.#pool = pool;
  }

  isOnlyNamed({ namespace }: Pod): boolean {
    return this.#ways.labels.length > 1 && isOnlyNamed(this.cluster, namespace);
  }

  hasNoAddress(pod: Pod): boolean {
    return this.#ways.addresses.length > 0 && hasNoAddress(pod);
  }

  /** Policies of other kinds that may select a pod for a direction. */
  othersOf(pod: Pod, direction: Direction): readonly OtherPolicy[] {
    return this.#others.length === 0 || !isPolicyPod(pod) ? noPolicies : policiesOf(this.#others, pod, direction);
  }

  /** What a pod's rules ask about the other end that may not be known. */
  asks(subject: Pod, direction: Direction): Asks {
    const table = this.#reader({ labels: 0, address: noAddress }).tableOf(subject, direction);
    let asks = this.#asks.get(table);
    if (asks === undefined) this.#asks.set(table, (asks = asksOf(table.rules)));
    return asks;
  }

  /** The number of what a pod's rules allow another in a way. */
  allowed(way: Way, direction: Direction, subject: Pod, peer: Pod, via: Via): number {
    return this.#reader(way).allowed(direction, subject, peer, via);
  }

  /** As `allowed`, where that is the same in all ways; pods are met by their first addresses. */
  allowedAsGiven(direction: Direction, subject: Pod, peer: Pod): number {
    this.#given ??= this.#reader({ labels: 0, address: noAddress });
    return this.#given.allowed(direction, subject, peer, "first");
  }

  /** The number of what may pass between two ends of which one is no pod, in a way. */
  connections(way: Way, source: Endpoint, destination: Endpoint): number {
    return this.#reader(way).connections(source, destination);
  }

  #reader(way: Way): WayReader {
    const { labels, address } = way;
    const key = `${typeof labels === "number" ? labels : JSON.stringify([...labels])} ${address}`;
    let reader = this.#readers.get(key);
    if (reader === undefined) this.#readers.set(key, (reader = new WayReader(this.#inWay(way), this.#pool)));
    return reader;
  }

  #inWay({ labels, address }: Way): Cluster {
    const place = (name: string): number => (typeof labels === "number" ? labels : (labels.get(name) ?? 0));
    const own = this.#ways.addresses[address];
    const inWay = (namespace: Namespace): Namespace =>
      namespace.declared ? namespace : labelled(namespace, this.#ways.labels[place(namespace.name)] ?? new Map());
    return {
      ...this.cluster,
      namespaces: new Map([...this.cluster.namespaces].map(([name, namespace]) => [name, inWay(namespace)])),
      pods: own === undefined ? this.cluster.pods : this.cluster.pods.map((pod) => withAddress(pod, own)),
    };
  }
}

function withAddress(pod: Pod, address: Pod["addresses"][number]): Pod {
  return hasNoAddress(pod) ? { ...pod, addresses: [address] } : pod;
}

const noPolicies: readonly OtherPolicy[] = [];

/** What rules ask that may not be known. */
export interface Asks {
  readonly labels: boolean;
  readonly addresses: boolean;
}

function asksOf(rules: readonly AppliedRule[]): Asks {
  const peers = rules.flatMap(({ rule }) => rule.spec.peers ?? []);
  return {
    labels: peers.some(
      (peer) =>
        peer.kind === "pods" &&
        typeof peer.namespace !== "string" &&
        peer.namespace.requirements.some(({ key }) => key !== namespaceNameLabel),
    ),
    addresses: peers.some(({ kind }) => kind !== "pods"),
  };
}

/** Reads an evaluator, with the numbers of a pool that others share. */
class WayReader {
  readonly #evaluator: FastEvaluator;
  readonly #pool: ConnectionPool;
  readonly #numbers = new Map<number, number>();

  constructor(cluster: Cluster, pool: ConnectionPool) {
    this.#evaluator = new FastEvaluator(cluster);
    this.#pool = pool;
  }

  tableOf(subject: Pod, direction: Direction): RuleTable {
    const podClass = this.#evaluator.classOf(subject);
    if (podClass === undefined) throw new Error(`pod ${subject.namespace}/${subject.name} is not of this cluster`);
    return this.#evaluator.tableOf(podClass, direction);
  }

  allowed(direction: Direction, subject: Pod, peer: Pod, via: Via): number {
    const peerClass = this.#evaluator.classOf(peer);
    if (peerClass === undefined) throw new Error(`pod ${peer.namespace}/${peer.name} is not of this cluster`);
    const own = this.tableOf(subject, direction).allowed(peerClass, via);
    let number = this.#numbers.get(own);
    if (number === undefined) this.#numbers.set(own, (number = this.#pool.add(this.#evaluator.setOf(own))));
    return number;
  }

  connections(source: Endpoint, destination: Endpoint): number {
    return this.#pool.add(this.#evaluator.connections(source, destination));
  }
}
