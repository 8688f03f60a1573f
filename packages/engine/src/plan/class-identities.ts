import type { AddressSet } from "../evaluate/fast/address-sets.ts";
import type { PodClass } from "../evaluate/fast/pod-class.ts";
import type { PodQuestion } from "../evaluate/fast/question-index.ts";
import type { Family } from "../net/address.ts";
import { unknownPods } from "../rules/predicate.ts";
import { type Asked, heldByAddresses, heldByPorts, identityOf } from "./identity.ts";

/** The identities of the pods of a class, and all that they follow from. */
interface Known {
  readonly selectedBy: readonly string[];
  /** What is asked about addresses and ports and true of them. */
  readonly held: Held;
  readonly identities: Readonly<Record<Family, string>>;
}

type Held = Readonly<Record<Family | "ports", readonly string[]>>;

/** What may make the identities of classes others. */
export interface Asking {
  readonly before: Asked;
  readonly asked: Asked;
  /** Namespaces that selectors may select otherwise than before. */
  readonly namespaces: ReadonlySet<string>;
}

/** The identity of each class of pods, by the family of the address that it is met by. */
export class ClassIdentities {
  readonly #known = new Map<PodClass, Known>();

  of(podClass: PodClass, family: Family): string | undefined {
    return this.#known.get(podClass)?.identities[family];
  }

  get classes(): Iterable<PodClass> {
    return this.#known.keys();
  }

  /** Takes in how classes are now; gives those of another identity than before, new ones among them. */
  follow(classes: readonly PodClass[], asking: Asking): readonly PodClass[] {
    const selectedBy = this.#selectAnew(classes, asking);
    const heldBy = answers(asking.asked);
    const moved: PodClass[] = [];
    for (const podClass of classes) {
      const old = this.#known.get(podClass);
      const selected = selectedBy.get(podClass);
      const held = heldBy(podClass, old?.held);
      const isAsBefore = old !== undefined && selected === undefined && held === old.held;
      const known = isAsBefore ? old : identify(selected ?? old?.selectedBy ?? [], held, old);
      if (known !== old) this.#known.set(podClass, known);
      if (known.identities !== old?.identities) moved.push(podClass);
    }
    if (this.#known.size > classes.length) {
      const there = new Set(classes);
      for (const podClass of this.#known.keys()) if (!there.has(podClass)) this.#known.delete(podClass);
    }
    return moved;
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
    for (const question of [...only(before.pods, asked.pods), ...only(asked.pods, before.pods)]) {
      for (const podClass of question.members) if (this.#known.has(podClass)) selectedBy.set(podClass, []);
    }
    if (selectedBy.size === 0) return selectedBy;
    for (const { members, predicate } of asked.pods) {
      if (members.size < selectedBy.size) {
        for (const podClass of members) selectedBy.get(podClass)?.push(predicate.key);
      } else {
        for (const [podClass, selected] of selectedBy) if (members.has(podClass)) selected.push(predicate.key);
      }
    }
    return selectedBy;
  }
}

function identify(selectedBy: readonly string[], held: Held, old: Known | undefined): Known {
  const ipv4 = identityOf([...selectedBy, ...held[4]], held.ports);
  const ipv6 = isSame(held[4], held[6]) ? ipv4 : identityOf([...selectedBy, ...held[6]], held.ports);
  const isAsBefore = old?.identities[4] === ipv4 && old.identities[6] === ipv6;
  return { selectedBy, held, identities: isAsBefore ? old.identities : { 4: ipv4, 6: ipv6 } };
}

/** Answers what is true of the addresses and ports of classes, once for all that are alike; the same object for the same. */
function answers(asked: Asked): (podClass: PodClass, old: Held | undefined) => Held {
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
  return (podClass, old) => {
    const [ipv4, ipv6] = [blocksOf(podClass.addresses[4]), blocksOf(podClass.addresses[6])];
    const ports = portsOf(podClass);
    const isAsBefore = isSame(ipv4, old?.[4]) && isSame(ipv6, old?.[6]) && isSame(ports, old?.ports);
    return isAsBefore && old !== undefined ? old : { 4: ipv4, 6: ipv6, ports };
  };
}

function isSame(a: readonly string[], b: readonly string[] | undefined): boolean {
  return a === b || (a.length === b?.length && a.every((text, index) => text === b[index]));
}

function only(some: ReadonlySet<PodQuestion>, others: ReadonlySet<PodQuestion>): PodQuestion[] {
  return some === others ? [] : [...some].filter((question) => !others.has(question));
}
