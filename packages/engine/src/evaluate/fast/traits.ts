import type { AddressSet } from "./address-sets.ts";
import type { PodClass, Via } from "./pod-class.ts";

/** Which of the questions that hold for many, by number, hold for somebody. Equal sets are one object. */
export interface TraitSet {
  readonly id: number;
  readonly members: ReadonlySet<number>;
}

/**
 * What holds for each class of the questions that hold for many: about addresses, and broad ones about pods. Classes
 * with equal traits are judged alike by all rules that do not name them more closely.
 */
export class Traits {
  readonly #broad = new Map<PodClass, Set<number>>();
  readonly #byClass = new Map<PodClass, Readonly<Record<Via, TraitSet>>>();
  /** By the first address. */
  readonly #classes = new Map<TraitSet, Set<PodClass>>();
  readonly #sets = new Map<string, TraitSet>();
  #recording: Map<PodClass, TraitSet> | undefined;

  of(podClass: PodClass, via: Via): TraitSet {
    return this.#known(podClass)[via];
  }

  /** Traits of an end that is no pod. */
  ofAddresses(addresses: AddressSet): TraitSet {
    return this.#intern(addresses, noNumbers);
  }

  /** All sets that classes have by their first address, with the classes. */
  get groups(): ReadonlyMap<TraitSet, ReadonlySet<PodClass>> {
    return this.#classes;
  }

  /** Says of a class whether a broad question holds for it. */
  answer(podClass: PodClass, number: number, holds: boolean): void {
    const broad = this.#broad.get(podClass) ?? new Set();
    if (holds) this.#broad.set(podClass, broad.add(number));
    else broad.delete(number);
    this.refresh(podClass);
  }

  /** Must be called for a class that is new, and when its addresses are asked about in another way. */
  refresh(podClass: PodClass): void {
    const before = this.#byClass.get(podClass);
    const broad = this.#broad.get(podClass) ?? noNumbers;
    const { none, first, 4: ipv4, 6: ipv6 } = podClass.addresses;
    const now = {
      none: this.#intern(none, broad),
      first: this.#intern(first, broad),
      4: this.#intern(ipv4, broad),
      6: this.#intern(ipv6, broad),
    };
    this.#byClass.set(podClass, now);
    if (before?.first === now.first) return;
    this.#move(podClass, before?.first, now.first);
  }

  copy(from: PodClass, to: PodClass): void {
    this.#broad.set(to, new Set(this.#broad.get(from)));
    this.refresh(to);
  }

  leave(podClass: PodClass): void {
    this.#move(podClass, this.#byClass.get(podClass)?.first, undefined);
    this.#byClass.delete(podClass);
    this.#broad.delete(podClass);
  }

  /** Keeps the sets that classes have by their first address, for those that get another, until `endRecording`. */
  startRecording(): void {
    this.#recording = new Map();
  }

  endRecording(): ReadonlyMap<PodClass, TraitSet> {
    const recording = this.#recording ?? new Map<PodClass, TraitSet>();
    this.#recording = undefined;
    return recording;
  }

  #known(podClass: PodClass): Readonly<Record<Via, TraitSet>> {
    const traits = this.#byClass.get(podClass);
    if (traits === undefined) throw new Error(`class ${podClass.id} has no traits`);
    return traits;
  }

  #move(podClass: PodClass, from: TraitSet | undefined, to: TraitSet | undefined): void {
    if (from !== undefined) {
      if (this.#recording?.has(podClass) === false) this.#recording.set(podClass, from);
      const others = this.#classes.get(from);
      others?.delete(podClass);
      if (others?.size === 0) this.#classes.delete(from);
    }
    if (to === undefined) return;
    const others = this.#classes.get(to);
    if (others === undefined) this.#classes.set(to, new Set([podClass]));
    else others.add(podClass);
  }

  #intern(addresses: AddressSet, broad: ReadonlySet<number>): TraitSet {
    const key = broad.size === 0 ? `${addresses.id}` : `${addresses.id} ${[...broad].sort((a, b) => a - b).join(" ")}`;
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    const set = { id: this.#sets.size, members: new Set([...addresses.members, ...broad]) };
    this.#sets.set(key, set);
    return set;
  }
}

const noNumbers: ReadonlySet<number> = new Set();
