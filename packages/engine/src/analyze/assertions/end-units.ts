import { type Cluster, namespaceNameLabel } from "../../model/cluster.ts";
import { type Pod, isPolicyPod } from "../../model/pod.ts";
import { requirementHolds, selects } from "../../model/selector.ts";
import { type Address, type Family, compareAddresses, formatAddress, nextAddress } from "../../net/address.ts";
import type { AddressInterval } from "../../rules/predicate.ts";
import type { FastEvaluator } from "../../evaluate/fast/fast-evaluator.ts";
import type { PodClass } from "../../evaluate/fast/pod-class.ts";
import { hasAddress, joinIntervals, otherIntervals, withoutInterval } from "../address-intervals.ts";
import type { AssertionEnd } from "./assertion.ts";

/** Whom one question to the evaluator is about: pods that it cannot tell apart, or addresses. */
export type EndUnit = PodUnit | AddressUnit;

export interface PodUnit {
  readonly kind: "pods";
  readonly pods: readonly [Pod, ...Pod[]];
  /** Of their addresses; none where these are not known. */
  readonly families: readonly Family[];
  /** Of pods with a network of their own, whose addresses no node has: only their class and families matter to each other. */
  readonly podClass?: PodClass;
  /** The keys that an end asks their namespace for, whose labels are not known: whether they are meant depends on these. */
  readonly unsureKeys?: readonly string[];
}

export interface AddressUnit {
  readonly kind: "address";
  readonly address: Address;
  /** Whether a node has it, which reaches its own pods. */
  readonly isNode: boolean;
}

/** Finds whom ends are about, each pod and each sort of addresses once. */
export class EndUnits {
  readonly #cluster: Cluster;
  readonly #evaluator: FastEvaluator;
  /** Of pods and nodes: who has one is no stranger. */
  readonly #taken: ReadonlySet<string>;
  readonly #nodeAddresses: readonly Address[];
  /** Pods that have not ended, with what makes them units. */
  readonly #pods: readonly PlacedPod[];
  #world: readonly AddressInterval[] | undefined;

  constructor(cluster: Cluster, evaluator: FastEvaluator) {
    this.#cluster = cluster;
    this.#evaluator = evaluator;
    const pods = cluster.pods.filter(isPolicyPod);
    this.#nodeAddresses = [...cluster.nodes.values()].flatMap(({ addresses }) => addresses);
    this.#taken = new Set([...pods.flatMap(({ addresses }) => addresses), ...this.#nodeAddresses].map(formatAddress));
    const ofNodes = new Set(this.#nodeAddresses.map(formatAddress));
    this.#pods = cluster.pods.filter(({ completed }) => !completed).map((pod) => this.#place(pod, ofNodes));
  }

  of(ends: readonly AssertionEnd[]): readonly EndUnit[] {
    const intervals = ends.flatMap((end) => this.#intervalsOf(end));
    const sure = this.#podUnits((pod) => ends.some((end) => this.#isMeant(pod, end) === true));
    const keysOf = ({ namespace }: Pod): readonly string[] => [
      ...new Set(ends.flatMap((end) => this.#unsureKeys(namespace, end))),
    ];
    const unsure = this.#podUnits((pod) => {
      const meant = ends.map((end) => this.#isMeant(pod, end));
      return !meant.includes(true) && meant.includes("unsure");
    });
    return [
      ...this.#addressUnits(intervals),
      ...sure,
      ...unsure.map((unit) => ({ ...unit, unsureKeys: keysOf(unit.pods[0]) })),
    ];
  }

  /** Namespaces whose labels say whether an end is anybody, with the keys; none where that is known. */
  unsureNamespaces(end: AssertionEnd): ReadonlyMap<string, readonly string[]> {
    const unsure = this.#pods.filter(({ pod }) => this.#isMeant(pod, end) === "unsure");
    return new Map(unsure.map(({ pod: { namespace } }) => [namespace, this.#unsureKeys(namespace, end)]));
  }

  /** Whether nobody is meant for sure. */
  isEmpty(end: AssertionEnd): boolean {
    return (
      !this.#pods.some(({ pod }) => this.#isMeant(pod, end) === true) &&
      this.#addressUnits(this.#intervalsOf(end)).length === 0
    );
  }

  /** The parts of a unit that run on one node each. */
  byNode(unit: EndUnit): readonly EndUnit[] {
    if (unit.kind === "address" || unit.podClass === undefined) return [unit];
    const { podClass, families, unsureKeys } = unit;
    const parts = new Map<string, [Pod, ...Pod[]]>();
    for (const pod of unit.pods) addTo(parts, pod.node ?? "", pod);
    return Array.from(parts.values(), (pods) => ({
      kind: "pods",
      pods,
      families,
      podClass,
      ...(unsureKeys && { unsureKeys }),
    }));
  }

  #intervalsOf(end: AssertionEnd): readonly AddressInterval[] {
    return end.kind === "world" ? this.#worldIntervals() : end.kind === "addresses" ? end.intervals : [];
  }

  #isMeant(pod: Pod, end: AssertionEnd): boolean | "unsure" {
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

  #isSelected(pod: Pod, { namespace, pods }: AssertionEnd & { readonly kind: "selected" }): boolean | "unsure" {
    if (pods !== undefined && !selects(pods, pod.labels)) return false;
    if (typeof namespace === "string") return pod.namespace === namespace;
    const known = namespace && this.#cluster.namespaces.get(pod.namespace);
    if (namespace === undefined) return true;
    if (known === undefined) return false;
    if (known.declared) return selects(namespace, known.labels);
    // Only the name of such a namespace is known.
    const { requirements } = namespace;
    const isOfName = requirements.every(
      ({ key, ...rest }) => key !== namespaceNameLabel || requirementHolds({ key, ...rest }, known.labels),
    );
    if (!isOfName) return false;
    return requirements.every(({ key }) => key === namespaceNameLabel) ? true : "unsure";
  }

  #unsureKeys(name: string, end: AssertionEnd): readonly string[] {
    if (end.kind !== "selected" || typeof end.namespace !== "object") return [];
    if (this.#cluster.namespaces.get(name)?.declared !== false) return [];
    return end.namespace.requirements.map(({ key }) => key).filter((key) => key !== namespaceNameLabel);
  }

  #place(pod: Pod, ofNodes: ReadonlySet<string>): PlacedPod {
    const podClass = this.#evaluator.classOf(pod);
    const families = familiesOf(pod).join();
    if (podClass !== undefined && !pod.addresses.some((own) => ofNodes.has(formatAddress(own)))) {
      return { pod, podClass, unit: `${podClass.id} ${families}` };
    }
    return {
      pod,
      unit: `${podClass?.id ?? `${pod.namespace}/${pod.name}`} ${pod.node ?? ""} ${families}, a node's address`,
    };
  }

  /** Pods, sorted by what may make a difference. */
  #podUnits(isMeant: (pod: Pod) => boolean): readonly PodUnit[] {
    const units = new Map<string, [Pod, ...Pod[]]>();
    const classes = new Map<string, PodClass>();
    for (const { pod, podClass, unit } of this.#pods) {
      if (!isMeant(pod)) continue;
      addTo(units, unit, pod);
      if (podClass !== undefined) classes.set(unit, podClass);
    }
    return Array.from(units, ([unit, pods]) => {
      const podClass = classes.get(unit);
      return { kind: "pods", pods, families: familiesOf(pods[0]), ...(podClass && { podClass }) };
    });
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
    return [
      ...Array.from(found.values(), (address) => ({ kind: "address" as const, address, isNode: false })),
      ...nodes.map((address) => ({ kind: "address" as const, address, isNode: true })),
    ];
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

/** Whether it matters where pods run: an end may be of the node of some, which they always reach. */
export function dependsOnNode(a: EndUnit, b: EndUnit): boolean {
  return isOfNode(a) || isOfNode(b);
}

function isOfNode(unit: EndUnit): boolean {
  return unit.kind === "address" ? unit.isNode : unit.podClass === undefined;
}

interface PlacedPod {
  readonly pod: Pod;
  readonly podClass?: PodClass;
  /** One text for each unit. */
  readonly unit: string;
}

function addTo(units: Map<string, [Pod, ...Pod[]]>, unit: string, pod: Pod): void {
  const others = units.get(unit);
  if (others === undefined) units.set(unit, [pod]);
  else others.push(pod);
}

function familiesOf({ addresses }: Pod): readonly Family[] {
  return addresses.map(({ family }) => family);
}
