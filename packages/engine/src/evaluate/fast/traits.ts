import type { ContainerPort } from "../../model/pod.ts";
import type { AddressSet } from "./address-sets.ts";
import type { PodClass, Via } from "./pod-class.ts";

/**
 * What rules for many can tell of a class, met by one of its addresses: which questions about addresses and which broad
 * questions about pods hold for it, by number, and the numbers it gives port names that are asked for.
 */
export interface TraitSet {
  readonly addresses: AddressSet;
  readonly broad: ReadonlySet<number>;
  readonly ports: readonly ContainerPort[];
  /** One text for each choice of these. */
  readonly askedPorts: string;
}

/** A question that holds for many classes. */
interface BroadQuestion {
  readonly number: number;
  readonly members: ReadonlySet<PodClass>;
}

/** The traits of each class. Classes with equal traits are judged alike by all rules that do not select them more closely. */
export class Traits {
  /** Broad questions that the sets of their members do not hold yet: a map never asks for these. */
  #broadened: BroadQuestion[] = [];
  /** Of each class its own set, which changes as long as no trait set holds it. */
  readonly #broad = new Map<PodClass, Set<number>>();
  /** The classes whose set a trait set holds. */
  readonly #held = new Set<PodClass>();
  /** Sets are made when they are asked for. */
  readonly #byClass = new Map<PodClass, Map<Via, TraitSet> | undefined>();
  /** Made when it is asked for, and again after traits changed. */
  readonly #holding = new Map<number, readonly PodClass[]>();
  #recording: Map<PodClass, TraitSet> | undefined;

  of(podClass: PodClass, via: Via): TraitSet {
    this.#tellMembers();
    let sets = this.#byClass.get(podClass);
    const known = sets?.get(via);
    if (known !== undefined) return known;
    if (sets === undefined) {
      if (!this.#byClass.has(podClass)) throw new Error(`class ${podClass.id} has no traits`);
      this.#byClass.set(podClass, (sets = new Map()));
    }
    const { addresses, ports, askedPorts } = podClass;
    this.#held.add(podClass);
    const set = { addresses: addresses[via], broad: this.#broad.get(podClass) ?? noNumbers, ports, askedPorts };
    sets.set(via, set);
    return set;
  }

  get classes(): Iterable<PodClass> {
    return this.#byClass.keys();
  }

  get count(): number {
    return this.#byClass.size;
  }

  /** The classes whose first address a question about addresses holds for. */
  holding(number: number): readonly PodClass[] {
    const known = this.#holding.get(number);
    if (known !== undefined) return known;
    const found = [...this.#byClass.keys()].filter(({ addresses }) => addresses.first.members.has(number));
    this.#holding.set(number, found);
    return found;
  }

  /** Says of all members of a question that it holds for them. */
  broaden(question: BroadQuestion): void {
    this.#broadened.push(question);
    // What a recording keeps is to be what was so before.
    if (this.#recording !== undefined) this.#tellMembers();
  }

  /** Says of a class whether a broad question holds for it. */
  answer(podClass: PodClass, number: number, holds: boolean): void {
    this.#tellMembers();
    const known = this.#broad.get(podClass);
    this.refresh(podClass);
    const broad = known === undefined || this.#held.delete(podClass) ? new Set(known) : known;
    if (holds) broad.add(number);
    else broad.delete(number);
    if (broad !== known) this.#broad.set(podClass, broad);
  }

  /** Must be called for a class that is new, and when rules ask about its addresses or ports in another way. */
  refresh(podClass: PodClass): void {
    if (this.#recording?.has(podClass) === false && this.#byClass.has(podClass)) {
      this.#recording.set(podClass, this.of(podClass, "first"));
    }
    this.#byClass.set(podClass, undefined);
    if (this.#holding.size > 0) this.#holding.clear();
  }

  copy(from: PodClass, to: PodClass): void {
    this.#tellMembers();
    this.refresh(to);
    this.#broad.set(to, new Set(this.#broad.get(from)));
  }

  leave(podClass: PodClass): void {
    this.#tellMembers();
    this.refresh(podClass);
    this.#byClass.delete(podClass);
    this.#broad.delete(podClass);
    this.#held.delete(podClass);
  }

  /** Keeps the traits of classes that get others, as they were by their first address, until `endRecording`. */
  startRecording(): void {
    this.#tellMembers();
    this.#recording = new Map();
  }

  /** Must be called before classes themselves change while traits are recorded. */
  keep(): void {
    if (this.#recording !== undefined) for (const podClass of this.#byClass.keys()) this.of(podClass, "first");
  }

  #tellMembers(): void {
    if (this.#broadened.length === 0) return;
    const told = this.#broadened;
    this.#broadened = [];
    for (const { number, members } of told) for (const podClass of members) this.answer(podClass, number, true);
  }

  endRecording(): ReadonlyMap<PodClass, TraitSet> {
    const recording = this.#recording ?? new Map<PodClass, TraitSet>();
    this.#recording = undefined;
    return recording;
  }
}

const noNumbers: ReadonlySet<number> = new Set();

/** Of somebody for whom nothing that is asked of many holds. */
export const noTraits: TraitSet = {
  addresses: { id: -1, members: noNumbers },
  broad: noNumbers,
  ports: [],
  askedPorts: "",
};
