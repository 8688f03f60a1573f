import type { AppliedRule } from "../evaluate/fast/bound-rule.ts";
import type { PodQuestion } from "../evaluate/fast/question-index.ts";
import type { ContainerPort } from "../model/pod.ts";
import { type Address, compareAddresses } from "../net/address.ts";
import { formatPorts } from "../net/port-set.ts";
import { type NamedPort, formatNamedPort, resolveNamedPort } from "../rules/named-port.ts";
import type { Atom } from "./node-plan.ts";
import type { QuestionNames } from "./question-names.ts";

/** All that a node's rules ask. */
export interface Asked {
  /** The names of questions about pods. */
  readonly pods: ReadonlyMap<PodQuestion, string>;
  /** Those of questions about addresses, by number. */
  readonly addresses: ReadonlyMap<number, string>;
  /** Port names, by their text. */
  readonly named: ReadonlyMap<string, NamedPort>;
}

/** A rule that asks its questions, and the port names that it wants to know of peers. */
export type AskingRule = Pick<AppliedRule, "rule" | "named">;

/** What the question about pods that are not known is called. */
export const unknownPodsName = "?";

/** Gathers the questions of rules, each once. */
export function askedBy(rules: Iterable<AskingRule>, names: QuestionNames): Asked {
  const pods = new Map<PodQuestion, string>();
  const addresses = new Map<number, string>();
  const ports = new Map<string, NamedPort>();
  for (const { rule, named } of rules) {
    for (const question of rule.peers?.pods ?? []) pods.set(question, names.of(question.predicate.key));
    for (const { number, predicate } of rule.peers?.addresses ?? []) addresses.set(number, names.of(predicate.key));
    if (rule.peers?.unknownPods !== undefined) addresses.set(rule.peers.unknownPods, unknownPodsName);
    for (const name of named) ports.set(formatNamedPort(name), name);
  }
  return { pods, addresses, named: ports };
}

/** What is asked about addresses and true of some, sorted. An address is in few of the blocks that are asked about. */
export function heldByAddresses({ addresses }: Asked, members: ReadonlySet<number>): readonly string[] {
  const held: string[] = [];
  for (const number of members) {
    const name = addresses.get(number);
    if (name !== undefined) held.push(name);
  }
  return held.sort();
}

/** The numbers that pods with these ports give the names that are asked for. */
export function heldByPorts({ named }: Asked, ports: readonly ContainerPort[]): readonly string[] {
  const held: string[] = [];
  for (const [text, name] of named) {
    const numbers = resolveNamedPort(name, ports);
    if (numbers.length > 0) held.push(`port ${text} ${formatPorts(numbers)}`);
  }
  return held.sort();
}

/** An identity is all that is asked and true: a new question changes those alone for whom it is true. */
export function identityOf(pods: readonly string[], addresses: readonly string[], ports: readonly string[]): string {
  const names = [...pods, ...addresses].sort();
  for (const port of ports) names.push(port);
  return names.join("\n");
}

/** All that is asked about pods and addresses. The same question may have another number, or be another object, after a while. */
function namesOf({ pods, addresses }: Asked): Set<string> {
  return new Set([...pods.values(), ...addresses.values()]);
}

/** Whether two identities answer alike all that is asked both before and after. */
export function sameSoFar(before: Asked, after: Asked): (one: string, other: string) => boolean {
  if (before === after) return (one, other) => one === other;
  const asked = namesOf(before);
  const still = namesOf(after);
  for (const name of asked) if (!still.has(name)) asked.delete(name);
  const named = [...before.named.keys()].filter((name) => after.named.has(name)).map((name) => `port ${name} `);
  const known = new Map<string, string>();
  const shortened = (identity: string): string => {
    let short = known.get(identity);
    if (short === undefined) {
      const lines = identity.split("\n");
      short = lines.filter((line) => asked.has(line) || named.some((start) => line.startsWith(start))).join("\n");
      known.set(identity, short);
    }
    return short;
  };
  return (one, other) => shortened(one) === shortened(other);
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
