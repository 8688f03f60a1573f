import type { AppliedRule, BoundAddresses } from "../evaluate/fast/bound-rule.ts";
import type { PodClass } from "../evaluate/fast/pod-class.ts";
import type { PodQuestion } from "../evaluate/fast/question-index.ts";
import { type Address, type Family, compareAddresses } from "../net/address.ts";
import { formatPorts } from "../net/port-set.ts";
import { type NamedPort, formatNamedPort, resolveNamedPort } from "../rules/named-port.ts";
import { unknownPods } from "../rules/predicate.ts";
import type { Atom } from "./node-plan.ts";

/** All that a node's rules ask. */
export interface Asked {
  readonly pods: ReadonlySet<PodQuestion>;
  /** By number. */
  readonly addresses: ReadonlyMap<number, string>;
  readonly named: ReadonlyMap<string, NamedPort>;
}

/** Gathers the questions of rules, each once. */
export function askedBy(rules: Iterable<AppliedRule>): Asked {
  const pods = new Set<PodQuestion>();
  const addresses = new Map<number, string>();
  const names = new Map<string, NamedPort>();
  const ask = ({ number, predicate }: BoundAddresses): unknown => addresses.set(number, predicate.key);
  for (const { rule, named } of rules) {
    for (const question of rule.peers?.pods ?? []) pods.add(question);
    for (const question of rule.peers?.addresses ?? []) ask(question);
    if (rule.peers?.unknownPods !== undefined) ask({ number: rule.peers.unknownPods, predicate: unknownPods });
    for (const name of named) names.set(formatNamedPort(name), name);
  }
  return { pods, addresses, named: names };
}

/**
 * The identity of a class of pods met by an address of a family: all that is asked and true of it, sorted. A new question
 * changes the identities of those alone for whom it is true.
 */
export function identityOfClass(asked: Asked, podClass: PodClass, family: Family): string {
  const { members } = podClass.addresses[family];
  const held = keysOf(asked, members).filter((key) => key !== unknownPods.key);
  const ports = [...asked.named].flatMap(([text, named]) => {
    const numbers = resolveNamedPort(named, podClass.ports);
    return numbers.length === 0 ? [] : [`port ${text} ${formatPorts(numbers)}`];
  });
  const selected = [...asked.pods].filter((question) => question.members.has(podClass));
  return identity([...selected.map(({ predicate }) => predicate.key), ...held], ports);
}

/** The identity of addresses that are no known pod's. */
export function identityOfAddresses(asked: Asked, members: ReadonlySet<number>): string {
  return identity(keysOf(asked, members), []);
}

/** What is asked and true. An address is in few of the blocks that are asked about. */
function keysOf({ addresses }: Asked, members: ReadonlySet<number>): string[] {
  return [...members].flatMap((number) => addresses.get(number) ?? []);
}

function identity(keys: readonly string[], ports: readonly string[]): string {
  return [...[...keys].sort(), ...[...ports].sort()].join("\n");
}

/** The identity of an address by the interval it lies in. `atoms` cover the family, so there is always one. */
export function atomAt(atoms: readonly Atom[], address: Address): Atom {
  let low = 0;
  let high = atoms.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (compareAddresses((atoms[middle] as Atom).first, address) <= 0) low = middle;
    else high = middle - 1;
  }
  return atoms[low] as Atom;
}
