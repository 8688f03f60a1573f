import type { ContainerPort } from "../../model/pod.ts";
import type { AddressSet } from "./address-sets.ts";
import type { PodClass, Via } from "./pod-class.ts";

/**
 * What rules for many can tell of a class: which of the questions that hold for many, by number, hold for it, and the
 * numbers it gives port names that are asked for. Equal sets are one object.
 */
export interface TraitSet {
  readonly id: number;
  readonly members: ReadonlySet<number>;
  readonly ports: readonly ContainerPort[];
  /** One text for each choice of these that matters. */
  readonly askedPorts: string;
}

/**
 * The traits of each class. Classes with equal traits are judged alike by all rules that do not select them more
 * closely.
 */
export class Traits {
  readonly #broad = new Map<PodClass, Set<number>>();
  readonly #byClass = new Map<PodClass, Map<Via, TraitSet>>();
  readonly #sets = new Map<string, TraitSet>();
  /** By the first address. */
  readonly #classes = new Map<TraitSet, Set<PodClass>>();
  readonly #holding = new Map<number, Set<TraitSet>>();
  /** Classes that are new or have other traits, and are not in their group yet. */
  readonly #loose = new Set<PodClass>();
  #recording: Map<PodClass, TraitSet> | undefined;

  of(podClass: PodClass, via: Via): TraitSet {
    let sets = this.#byClass.get(podClass);
    if (sets === undefined) this.#byClass.set(podClass, (sets = new Map()));
    const known = sets.get(via);
    if (known !== undefined) return known;
    const set = this.#intern(podClass.addresses[via], this.#broad.get(podClass) ?? noNumbers, podClass);
    sets.set(via, set);
    return set;
  }

  /** How many classes there are. */
  get count(): number {
    return this.#byClass.size;
  }

  /** All sets that classes have by their first address, with the classes. */
  get groups(): ReadonlyMap<TraitSet, ReadonlySet<PodClass>> {
    this.#settle();
    return this.#classes;
  }

  /** Those of the groups' sets that hold a number. */
  holding(number: number): Iterable<TraitSet> {
    this.#settle();
    return this.#holding.get(number) ?? [];
  }

  /** Says of a class whether a broad question holds for it. */
  answer(podClass: PodClass, number: number, holds: boolean): void {
    this.refresh(podClass);
    const broad = this.#broad.get(podClass);
    if (!holds) broad?.delete(number);
    else if (broad === undefined) this.#broad.set(podClass, new Set([number]));
    else broad.add(number);
  }

  /** Must be called for a class that is new, and when rules ask about its addresses or ports in another way. */
  refresh(podClass: PodClass): void {
    if (this.#loose.has(podClass)) return;
    const first = this.#byClass.get(podClass)?.get("first");
    if (first !== undefined) this.#leaveGroup(podClass, first);
    this.#byClass.delete(podClass);
    this.#loose.add(podClass);
  }

  copy(from: PodClass, to: PodClass): void {
    this.#broad.set(to, new Set(this.#broad.get(from)));
    this.refresh(to);
  }

  leave(podClass: PodClass): void {
    this.refresh(podClass);
    this.#loose.delete(podClass);
    this.#broad.delete(podClass);
  }

  /** Keeps the sets that classes have by their first address, for those that may get another, until `endRecording`. */
  startRecording(): void {
    this.#settle();
    this.#recording = new Map();
  }

  endRecording(): ReadonlyMap<PodClass, TraitSet> {
    const recording = this.#recording ?? new Map<PodClass, TraitSet>();
    this.#recording = undefined;
    return recording;
  }

  #settle(): void {
    for (const podClass of this.#loose) {
      const set = this.of(podClass, "first");
      const others = this.#classes.get(set);
      if (others !== undefined) {
        others.add(podClass);
        continue;
      }
      this.#classes.set(set, new Set([podClass]));
      for (const number of set.members) {
        const sets = this.#holding.get(number);
        if (sets === undefined) this.#holding.set(number, new Set([set]));
        else sets.add(set);
      }
    }
    this.#loose.clear();
  }

  #leaveGroup(podClass: PodClass, set: TraitSet): void {
    if (this.#recording?.has(podClass) === false) this.#recording.set(podClass, set);
    const others = this.#classes.get(set);
    others?.delete(podClass);
    if (others?.size !== 0) return;
    this.#classes.delete(set);
    for (const number of set.members) this.#holding.get(number)?.delete(set);
  }

  #intern(addresses: AddressSet, broad: ReadonlySet<number>, { askedPorts, ports }: PodClass): TraitSet {
    const key = `${addresses.id} ${[...broad].sort((a, b) => a - b).join(" ")} ${askedPorts}`;
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    const set = { id: this.#sets.size, members: new Set([...addresses.members, ...broad]), ports, askedPorts };
    this.#sets.set(key, set);
    return set;
  }
}

const noNumbers: ReadonlySet<number> = new Set();
