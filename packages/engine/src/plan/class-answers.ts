import type { AddressSet } from "../evaluate/fast/address-sets.ts";
import type { PodClass } from "../evaluate/fast/pod-class.ts";
import type { Family } from "../net/address.ts";
import { type Asked, heldByAddresses, heldByPorts, identityOf, unknownPodsName } from "./identity.ts";

/** What the pods of a class answer, and all that it follows from. */
export interface ClassAnswer {
  readonly selectedBy: readonly string[];
  /** What is asked about addresses and ports and true of them. */
  readonly held: Held;
  readonly answers: Readonly<Record<Family, string>>;
  /** Whether an address of theirs that were no pod's would answer the same. */
  readonly isAtoms: Readonly<Record<Family, boolean>>;
}

type Held = Readonly<Record<Family | "ports", readonly string[]>>;

/** Answers for classes what is asked. `selected` are the questions about pods that select a class, where they may be others than before. */
export function classAnswersTo(
  asked: Asked,
): (podClass: PodClass, selected: readonly string[] | undefined, old: ClassAnswer | undefined) => ClassAnswer {
  const { heldBy, atomOf } = answers(asked);
  return (podClass, selected, old) => answer(podClass, { selected, held: heldBy(podClass, old?.held), old, atomOf });
}

function answer(
  { addresses }: PodClass,
  {
    selected,
    held,
    old,
    atomOf,
  }: {
    readonly selected: readonly string[] | undefined;
    readonly held: Held;
    readonly old: ClassAnswer | undefined;
    readonly atomOf: (set: AddressSet) => string;
  },
): ClassAnswer {
  const isAsBefore = old !== undefined && selected === undefined && held === old.held;
  const selectedBy = selected ?? old?.selectedBy ?? [];
  const said = isAsBefore ? old.answers : answersOf(selectedBy, held);
  const isAtoms = { 4: said[4] === atomOf(addresses[4]), 6: said[6] === atomOf(addresses[6]) };
  if (isAsBefore && isAtoms[4] === old.isAtoms[4] && isAtoms[6] === old.isAtoms[6]) return old;
  return { selectedBy, held, answers: said, isAtoms };
}

function answersOf(selectedBy: readonly string[], held: Held): ClassAnswer["answers"] {
  const ipv4 = identityOf(selectedBy, held[4], held.ports);
  return { 4: ipv4, 6: isSame(held[4], held[6]) ? ipv4 : identityOf(selectedBy, held[6], held.ports) };
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
      blocks = heldByAddresses(asked, set.members).filter((name) => name !== unknownPodsName);
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
      if (atom === undefined) atoms.set(set, (atom = identityOf([], heldByAddresses(asked, set.members), [])));
      return atom;
    },
  };
}

function isSame(a: readonly string[], b: readonly string[] | undefined): boolean {
  return a === b || (a.length === b?.length && a.every((text, index) => text === b[index]));
}
