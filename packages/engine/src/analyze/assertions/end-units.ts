import type { Cluster } from "../../model/cluster.ts";
import { type Pod, isPolicyPod } from "../../model/pod.ts";
import { selects } from "../../model/selector.ts";
import { type Address, type Family, compareAddresses, formatAddress, nextAddress } from "../../net/address.ts";
import type { AddressInterval } from "../../rules/predicate.ts";
import type { FastEvaluator } from "../../evaluate/fast/fast-evaluator.ts";
import { hasAddress, joinIntervals, otherIntervals, withoutInterval } from "../address-intervals.ts";
import type { AssertionEnd } from "./assertion.ts";

/** Whom one question to the evaluator is about: pods that it cannot tell apart, or addresses. */
export type EndUnit = PodUnit | AddressUnit;

export interface PodUnit {
  readonly kind: "pods";
  readonly pods: readonly [Pod, ...Pod[]];
}

export interface AddressUnit {
  readonly kind: "address";
  readonly address: Address;
}

/** Finds whom ends are about, each pod and each sort of addresses once. */
export class EndUnits {
  readonly #cluster: Cluster;
  readonly #evaluator: FastEvaluator;
  /** Of pods and nodes: who has one is no stranger. */
  readonly #taken: ReadonlySet<string>;
  readonly #nodeAddresses: readonly Address[];
  #world: readonly AddressInterval[] | undefined;

  constructor(cluster: Cluster, evaluator: FastEvaluator) {
    this.#cluster = cluster;
    this.#evaluator = evaluator;
    const pods = cluster.pods.filter(isPolicyPod);
    this.#nodeAddresses = [...cluster.nodes.values()].flatMap(({ addresses }) => addresses);
    this.#taken = new Set([...pods.flatMap(({ addresses }) => addresses), ...this.#nodeAddresses].map(formatAddress));
  }

  of(ends: readonly AssertionEnd[]): readonly EndUnit[] {
    const intervals = ends.flatMap((end) => this.#intervalsOf(end));
    return [...this.#addressUnits(intervals), ...this.#pods((pod) => ends.some((end) => this.#isMeant(pod, end)))];
  }

  #intervalsOf(end: AssertionEnd): readonly AddressInterval[] {
    return end.kind === "world" ? this.#worldIntervals() : end.kind === "addresses" ? end.intervals : [];
  }

  #isMeant(pod: Pod, end: AssertionEnd): boolean {
    switch (end.kind) {
      case "world":
        return false;
      case "addresses":
        // Who has an address that is a pod's is that pod.
        return pod.addresses.some((own) => hasAddress(end.intervals, own));
      case "named":
        return pod.namespace === end.namespace && (pod.name === end.name || pod.workload?.name === end.name);
      case "selected":
        return this.#isSelected(pod, end);
    }
  }

  #isSelected(pod: Pod, { namespace, pods }: AssertionEnd & { readonly kind: "selected" }): boolean {
    if (typeof namespace === "string" && pod.namespace !== namespace) return false;
    if (typeof namespace === "object") {
      const labels = this.#cluster.namespaces.get(pod.namespace)?.labels;
      if (labels === undefined || !selects(namespace, labels)) return false;
    }
    return pods === undefined || selects(pods, pod.labels);
  }

  /** Running pods, sorted by what may make a difference: their class, their node, and the families they have. */
  #pods(isMeant: (pod: Pod) => boolean): readonly PodUnit[] {
    const units = new Map<string, [Pod, ...Pod[]]>();
    for (const pod of this.#cluster.pods) {
      if (pod.completed || !isMeant(pod)) continue;
      const podClass = this.#evaluator.classOf(pod)?.id ?? `${pod.namespace}/${pod.name}`;
      const key = `${podClass} ${this.#cluster.nodes.has(pod.node ?? "") ? pod.node : ""} ${familiesOf(pod).join()}`;
      const others = units.get(key);
      if (others === undefined) units.set(key, [pod]);
      else others.push(pod);
    }
    return [...units.values()].map((pods) => ({ kind: "pods", pods }));
  }

  /** One address of each sort, and those of nodes, which reach their own pods. */
  #addressUnits(intervals: readonly AddressInterval[]): readonly AddressUnit[] {
    const found = new Map<string, Address>();
    for (const family of [4, 6] as const) {
      const own = intervals.filter(({ first }) => first.family === family);
      for (const { first, last, set } of this.#evaluator.addressPieces(family)) {
        if (found.has(`${family} ${set.id}`)) continue;
        const address = own
          .map((interval) => this.#freeIn(interval, { first, last }))
          .find((free) => free !== undefined);
        if (address !== undefined) found.set(`${family} ${set.id}`, address);
      }
    }
    const nodes = this.#nodeAddresses.filter((address) => hasAddress(intervals, address));
    return [...found.values(), ...nodes].map((address) => ({ kind: "address", address }));
  }

  /** The first address of both intervals that no pod and no node has. */
  #freeIn(a: AddressInterval, b: AddressInterval): Address | undefined {
    const last = compareAddresses(a.last, b.last) < 0 ? a.last : b.last;
    let address: Address | undefined = compareAddresses(a.first, b.first) > 0 ? a.first : b.first;
    while (address !== undefined && compareAddresses(address, last) <= 0) {
      if (!this.#taken.has(formatAddress(address))) return address;
      address = nextAddress(address);
    }
    return undefined;
  }

  #worldIntervals(): readonly AddressInterval[] {
    if (this.#world !== undefined) return this.#world;
    const everything = ([4, 6] as const).flatMap((family) => otherIntervals(family, []));
    const nodes = [...this.#cluster.nodes.values()];
    const inside = [
      ...nodes.flatMap(({ podCidrs }) => podCidrs),
      ...this.#nodeAddresses.map((address) => ({ first: address, last: address })),
    ];
    this.#world = joinIntervals(inside.reduce<readonly AddressInterval[]>(withoutInterval, everything));
    return this.#world;
  }
}

/** The families of a pod's addresses; none where these are not known. */
export function familiesOf({ addresses }: Pod): readonly Family[] {
  return addresses.map(({ family }) => family);
}
