import type { Namespace } from "../model/cluster.ts";
import type { Pod } from "../model/pod.ts";
import {
  type Address,
  type Family,
  compareAddresses,
  firstAddress,
  lastAddress,
  nextAddress,
  previousAddress,
} from "../net/address.ts";
import { formatPorts } from "../net/port-set.ts";
import type { PortSet } from "../net/port-set.ts";
import type { Atom } from "./node-plan.ts";
import { type BlockPredicate, type PodPredicate, type Predicate, matchesBlock, matchesPod } from "./predicate.ts";
import { type NamedPort, formatNamedPort, resolveNamedPort } from "./rule-spec.ts";

/**
 * All that a node's rules can ask of an address, answered. Two addresses with the same answers are one identity. The key
 * lists only what is true, so that a new question changes the keys of those addresses alone that answer it with yes.
 */
export interface Traits {
  readonly key: string;
  /** Keys of the predicates that hold. */
  readonly predicates: ReadonlySet<string>;
  /** What port names stand for there, by `name/protocol`; names that stand for nothing are left out. */
  readonly namedPorts: ReadonlyMap<string, PortSet>;
}

/** What a node's rules ask. */
export interface Questions {
  readonly pods: readonly PodPredicate[];
  readonly blocks: readonly BlockPredicate[];
  readonly named: readonly NamedPort[];
}

/** Gathers the questions of rules, each once. */
export function questionsOf(
  rules: Iterable<{
    readonly peers?: readonly Predicate[];
    readonly named: readonly NamedPort[];
  }>,
): Questions {
  const predicates = new Map<string, Predicate>();
  const named = new Map<string, NamedPort>();
  for (const rule of rules) {
    for (const peer of rule.peers ?? []) predicates.set(peer.key, peer);
    for (const port of rule.named) named.set(formatNamedPort(port), port);
  }
  const all = [...predicates.values()];
  return {
    pods: all.filter((predicate) => predicate.kind === "pods"),
    blocks: all.filter((predicate) => predicate.kind === "block"),
    named: [...named.values()],
  };
}

/** The traits of one of a pod's addresses. */
export function traitsOfPod(
  questions: Questions,
  pod: Pod,
  address: Address,
  namespaces: ReadonlyMap<string, Namespace>,
): Traits {
  const predicates = [
    ...questions.pods.filter((predicate) => matchesPod(predicate, pod, namespaces)),
    ...questions.blocks.filter((predicate) => matchesBlock(predicate, address)),
  ];
  const namedPorts = new Map<string, PortSet>();
  for (const named of questions.named) {
    const ports = resolveNamedPort(named, pod.ports);
    if (ports.length > 0) namedPorts.set(formatNamedPort(named), ports);
  }
  return traits(predicates, namedPorts);
}

/**
 * Cuts a family's addresses at the bounds of every block asked about: adjacent intervals, each of one identity. No
 * selector holds for them and no port has a name there, because they are no known pod's.
 */
export function atomsOf(
  questions: Questions,
  family: Family,
): { readonly atoms: readonly Atom[]; readonly traits: readonly Traits[] } {
  const blocks = questions.blocks.filter((block) => block.cidr.family === family);
  const starts = [firstAddress(family)];
  for (const block of blocks) {
    for (const cidr of [block.cidr, ...block.except.filter((except) => except.family === family)]) {
      const after = nextAddress(cidr.last);
      starts.push(cidr.first, ...(after === undefined ? [] : [after]));
    }
  }
  starts.sort(compareAddresses);
  const atoms: { first: Address; last: Address; identity: string }[] = [];
  const seen = new Map<string, Traits>();
  for (const [index, first] of starts.entries()) {
    const next = starts[index + 1];
    if (next !== undefined && compareAddresses(first, next) === 0) continue;
    const last = next === undefined ? lastAddress(family) : (previousAddress(next) as Address);
    const found = traits(
      blocks.filter((block) => matchesBlock(block, first)),
      new Map(),
    );
    seen.set(found.key, found);
    const previous = atoms.at(-1);
    if (previous?.identity === found.key) previous.last = last;
    else atoms.push({ first, last, identity: found.key });
  }
  return { atoms, traits: [...seen.values()] };
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

function traits(predicates: readonly Predicate[], namedPorts: ReadonlyMap<string, PortSet>): Traits {
  const keys = predicates.map((predicate) => predicate.key).sort();
  const ports = [...namedPorts].map(([name, set]) => `port ${name} ${formatPorts(set)}`).sort();
  return {
    key: [...keys, ...ports].join("\n"),
    predicates: new Set(keys),
    namedPorts,
  };
}
