import type { AddressSet } from "../evaluate/fast/address-sets.ts";
import type { PodClass } from "../evaluate/fast/pod-class.ts";
import type { PodQuestion } from "../evaluate/fast/question-index.ts";
import type { Family } from "../net/address.ts";
import { unknownPods } from "../rules/predicate.ts";
import { type Asked, heldByAddresses, heldByPorts, identityOf } from "./identity.ts";
import type { Answer, IdentityGroups } from "./identity-groups.ts";

/** What the pods of a class answer, and all that it follows from. */
interface Known {
  readonly selectedBy: readonly string[];
  /** What is asked about addresses and ports and true of them. */
  readonly held: Held;
  readonly answers: Readonly<Record<Family, string>>;
  /** Whether an address of theirs that were no pod's would answer the same. */
  readonly isAtoms: Readonly<Record<Family, boolean>>;
}

const families: readonly Family[] = [4, 6];

type Held = Readonly<Record<Family | "ports", readonly string[]>>;

/** What may make the identities of classes others. */
export interface Asking {
  readonly before: Asked;
  readonly asked: Asked;
  /** Namespaces that selectors may select otherwise than before. */
  readonly namespaces: ReadonlySet<string>;
  /** Whether addresses are in other blocks than before. */
  readonly hasCut: boolean;
}

/** The identity of each class of pods, by the family of the address that it is met by. */
export class ClassIdentities {
  readonly #known = new Map<PodClass, Known>();
  readonly #groups: IdentityGroups;

  constructor(groups: IdentityGroups) {
    this.#groups = groups;
  }

  /** Its identity; and that of its addresses if they were no pod's, where nobody could tell the two apart. */
  of(podClass: PodClass, family: Family): { readonly identity: string; readonly atom?: string } | undefined {
    const known = this.#known.get(podClass);
    const identity = this.#groups.identityOf({ podClass, family });
    if (known === undefined || identity === undefined) return undefined;
    return known.isAtoms[family] ? { identity, atom: known.answers[family] } : { identity };
  }

  /** Takes in how classes are now; gives those of another identity than before, new ones among them. */
  follow(classes: Iterable<PodClass>, asking: Asking): ReadonlySet<PodClass> {
    const { before, asked, namespaces, hasCut } = asking;
    const isAskedAlike = before === asked && namespaces.size === 0 && !hasCut;
    const looked: PodClass[] = [];
    let count = 0;
    for (const podClass of classes) {
      count++;
      if (!isAskedAlike || !this.#known.has(podClass)) looked.push(podClass);
    }
    const moved = new Set<PodClass>();
    const changed = this.#answerAnew(looked, asking, moved);
    if (this.#known.size > count) {
      const there = new Set(classes);
      for (const podClass of this.#known.keys()) {
        if (there.has(podClass)) continue;
        this.#known.delete(podClass);
        changed.push(...families.map((family) => ({ podClass, family, answers: undefined })));
      }
    }
    for (const { podClass } of this.#groups.follow(changed, before, asked)) moved.add(podClass);
    return moved;
  }

  /** Forgets how identities came to be: those that answer alike are one. Gives the classes of another identity than before. */
  merge(): ReadonlySet<PodClass> {
    return new Set(this.#groups.merge().map(({ podClass }) => podClass));
  }

  /** What classes answer, where it is another answer than before. Those whose addresses answer it no longer, or now, are `moved`. */
  #answerAnew(classes: readonly PodClass[], asking: Asking, moved: Set<PodClass>): Answer[] {
    const changed: Answer[] = [];
    const selectedBy = this.#selectAnew(classes, asking);
    const { heldBy, atomOf } = answers(asking.asked);
    for (const podClass of classes) {
      const old = this.#known.get(podClass);
      const known = identify(podClass, {
        selected: selectedBy.get(podClass),
        held: heldBy(podClass, old?.held),
        old,
        atomOf,
      });
      if (known === old) continue;
      this.#known.set(podClass, known);
      for (const family of families) {
        if (known.isAtoms[family] !== old?.isAtoms[family]) moved.add(podClass);
        const said = known.answers[family];
        if (said !== old?.answers[family]) changed.push({ podClass, family, answers: said });
      }
    }
    return changed;
  }

  /** By which questions classes are selected, for those for whom that may be others than before. */
  #selectAnew(
    classes: Iterable<PodClass>,
    { before, asked, namespaces }: Asking,
  ): ReadonlyMap<PodClass, readonly string[]> {
    const selectedBy = new Map<PodClass, string[]>();
    for (const podClass of classes) {
      if (!this.#known.has(podClass) || namespaces.has(podClass.namespace)) selectedBy.set(podClass, []);
    }
    if (selectedBy.size > 0) {
      for (const { members, predicate } of asked.pods) {
        for (const [podClass, selected] of selectedBy) if (members.has(podClass)) selected.push(predicate.key);
      }
    }
    const [went, came] = [only(before.pods, asked.pods), only(asked.pods, before.pods)];
    const goneKeys = new Set(went.map(({ predicate }) => predicate.key));
    const others = new Map<PodClass, string[]>();
    const amended = (podClass: PodClass): string[] | undefined => {
      if (selectedBy.has(podClass)) return undefined;
      let selected = others.get(podClass);
      const old = this.#known.get(podClass)?.selectedBy;
      if (selected === undefined && old !== undefined) {
        others.set(podClass, (selected = old.filter((key) => !goneKeys.has(key))));
      }
      return selected;
    };
    for (const { members } of went) for (const podClass of members) amended(podClass);
    for (const { members, predicate } of came) for (const podClass of members) amended(podClass)?.push(predicate.key);
    return new Map([...selectedBy, ...others]);
  }
}

function identify(
  { addresses }: PodClass,
  {
    selected,
    held,
    old,
    atomOf,
  }: {
    readonly selected: readonly string[] | undefined;
    readonly held: Held;
    readonly old: Known | undefined;
    readonly atomOf: (set: AddressSet) => string;
  },
): Known {
  const isAsBefore = old !== undefined && selected === undefined && held === old.held;
  const selectedBy = selected ?? old?.selectedBy ?? [];
  const said = isAsBefore ? old.answers : answersOf(selectedBy, held);
  const isAtoms = { 4: said[4] === atomOf(addresses[4]), 6: said[6] === atomOf(addresses[6]) };
  if (isAsBefore && isAtoms[4] === old.isAtoms[4] && isAtoms[6] === old.isAtoms[6]) return old;
  return { selectedBy, held, answers: said, isAtoms };
}

function answersOf(selectedBy: readonly string[], held: Held): Known["answers"] {
  const ipv4 = identityOf([...selectedBy, ...held[4]], held.ports);
  return { 4: ipv4, 6: isSame(held[4], held[6]) ? ipv4 : identityOf([...selectedBy, ...held[6]], held.ports) };
}

/** Answers what is true of the addresses and ports of classes, once for all that are alike; the same object for the same. */
function answers(asked: Asked): {
  readonly heldBy: (podClass: PodClass, old: Held | undefined) => Held;
  /** What an address of no pod answers. */
  readonly atomOf: (set: AddressSet) => string;
} {
  const atoms = new Map<AddressSet, string>();
  const byAddresses = new Map<AddressSet, readonly string[]>();
  const byPorts = new Map<string, readonly string[]>();
  const blocksOf = (set: AddressSet): readonly string[] => {
    let blocks = byAddresses.get(set);
    if (blocks === undefined) {
      blocks = heldByAddresses(asked, set.members).filter((key) => key !== unknownPods.key);
      byAddresses.set(set, blocks);
    }
    return blocks;
  };
  const portsOf = ({ askedPorts, ports }: PodClass): readonly string[] => {
    let held = byPorts.get(askedPorts);
    if (held === undefined) byPorts.set(askedPorts, (held = heldByPorts(asked, ports)));
    return held;
  };
  return {
    heldBy: (podClass, old) => {
      const [ipv4, ipv6] = [blocksOf(podClass.addresses[4]), blocksOf(podClass.addresses[6])];
      const ports = portsOf(podClass);
      const isAsBefore = isSame(ipv4, old?.[4]) && isSame(ipv6, old?.[6]) && isSame(ports, old?.ports);
      return isAsBefore && old !== undefined ? old : { 4: ipv4, 6: ipv6, ports };
    },
    atomOf: (set) => {
      let atom = atoms.get(set);
      if (atom === undefined) atoms.set(set, (atom = identityOf(heldByAddresses(asked, set.members), [])));
      return atom;
    },
  };
}

function isSame(a: readonly string[], b: readonly string[] | undefined): boolean {
  return a === b || (a.length === b?.length && a.every((text, index) => text === b[index]));
}

function only(some: ReadonlySet<PodQuestion>, others: ReadonlySet<PodQuestion>): PodQuestion[] {
  return some === others ? [] : [...some].filter((question) => !others.has(question));
}
