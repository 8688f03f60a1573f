import type { ConnectionPool } from "../../../evaluate/fast/connection-pool.ts";
import { FastEvaluator } from "../../../evaluate/fast/fast-evaluator.ts";
import type { RuleTable } from "../../../evaluate/fast/rule-table.ts";
import type { Endpoint } from "../../../evaluate/connection.ts";
import { type Cluster, type Namespace, namespaceNameLabel } from "../../../model/cluster.ts";
import type { Direction } from "../../../model/network-policy.ts";
import type { OtherObject, OtherPolicy } from "../../../model/other-object.ts";
import { type Pod, isPolicyPod } from "../../../model/pod.ts";
import type { PodClass, Via } from "../../../evaluate/fast/pod-class.ts";
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
  readonly #readers = new Map<string | number, WayReader>();
  readonly #asks = new Map<RuleTable, Asks>();
  readonly #asksOfPods = { egress: new Map<Pod, Asks>(), ingress: new Map<Pod, Asks>() };

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
    const known = this.#asksOfPods[direction];
    let asks = known.get(subject);
    if (asks === undefined) known.set(subject, (asks = this.#asksOf(subject, direction)));
    return asks;
  }

  /** The number of what a pod's rules allow another in a way. */
  allowed(way: Way, direction: Direction, subject: Pod, peer: Pod, via: Via): number {
    return this.#reader(way).allowed(direction, subject, peer, via);
  }

  /** What judges a pod, and how others know it, where that is the same in all ways. */
  given(pod: Pod): GivenEnd {
    return this.#reader({ labels: 0, address: noAddress }).given(pod);
  }

  /** The number of what may pass between two ends of which one is no pod, in a way. */
  connections(way: Way, source: Endpoint, destination: Endpoint): number {
    return this.#reader(way).connections(source, destination);
  }

  #asksOf(subject: Pod, direction: Direction): Asks {
    const table = this.#reader({ labels: 0, address: noAddress }).tableOf(subject, direction);
    let asks = this.#asks.get(table);
    if (asks === undefined) this.#asks.set(table, (asks = asksOf(table.rules)));
    return asks;
  }

  #reader(way: Way): WayReader {
    const { labels, address } = way;
    // As this is asked at every pair, most keys are numbers.
    const key =
      typeof labels === "number"
        ? labels * mostAddresses + (address - noAddress)
        : `${JSON.stringify([...labels])} ${address}`;
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
/** More than there are addresses to choose from. */
const mostAddresses = 2 ** 20;

/** A pod as one way has it. */
export interface GivenEnd {
  readonly podClass: PodClass;
  readonly egress: RuleTable;
  readonly ingress: RuleTable;
}

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

  given(pod: Pod): GivenEnd {
    const podClass = this.#classOf(pod);
    const tableOf = (direction: Direction): RuleTable => this.#evaluator.tableOf(podClass, direction);
    return { podClass, egress: tableOf("egress"), ingress: tableOf("ingress") };
  }

  tableOf(subject: Pod, direction: Direction): RuleTable {
    return this.#evaluator.tableOf(this.#classOf(subject), direction);
  }

  allowed(direction: Direction, subject: Pod, peer: Pod, via: Via): number {
    const own = this.tableOf(subject, direction).allowed(this.#classOf(peer), via);
    let number = this.#numbers.get(own);
    if (number === undefined) this.#numbers.set(own, (number = this.#pool.add(this.#evaluator.setOf(own))));
    return number;
  }

  connections(source: Endpoint, destination: Endpoint): number {
    return this.#pool.add(this.#evaluator.connections(source, destination));
  }

  #classOf(pod: Pod): PodClass {
    const podClass = this.#evaluator.classOf(pod);
    if (podClass === undefined) throw new Error(`pod ${pod.namespace}/${pod.name} is not of this cluster`);
    return podClass;
  }
}
