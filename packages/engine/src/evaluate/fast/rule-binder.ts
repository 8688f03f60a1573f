import type { ClusterNode } from "../../model/cluster.ts";
import type { Direction } from "../../model/network-policy.ts";
import { type AddressPredicate, intervalsOf } from "../../rules/predicate.ts";
import type { RuleSpec } from "../../rules/rule-spec.ts";
import type { AddressSets } from "./address-sets.ts";
import type { AppliedRule, BoundAddresses, BoundPeers, BoundRule } from "./bound-rule.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import { connectionsAt } from "./connections-at.ts";
import type { PodClass } from "./pod-class.ts";
import type { PodQuestion, QuestionIndex } from "./question-index.ts";

/** Something in use, and by how many. */
interface Used<T> {
  readonly value: T;
  uses: number;
}

/** So many questions about addresses are kept unused sooner than all pods are sorted again. */
const fewUnused = 64;

/** Takes rules into use: each content once, with the questions that it asks. */
export class RuleBinder {
  readonly #pool: ConnectionPool;
  readonly #questions: QuestionIndex;
  readonly #addresses: AddressSets;
  readonly #nodes: ReadonlyMap<string, ClusterNode>;
  readonly #rules = new Map<string, Used<BoundRule>>();
  /** As they judge whatever the subject. */
  readonly #applied = new WeakMap<BoundRule, AppliedRule>();
  readonly #asked = new Map<string, Used<BoundAddresses>>();
  readonly #nextNumber: () => number;

  constructor(
    pool: ConnectionPool,
    questions: QuestionIndex,
    addresses: AddressSets,
    nodes: ReadonlyMap<string, ClusterNode>,
    nextNumber: () => number,
  ) {
    this.#pool = pool;
    this.#questions = questions;
    this.#addresses = addresses;
    this.#nodes = nodes;
    this.#nextNumber = nextNumber;
  }

  /** Asks about the addresses of rules that are to be bound, so that classes can be told apart before they are. */
  askAddresses(specs: Iterable<RuleSpec>): { readonly isNew: boolean } {
    let isNew = false;
    for (const predicate of addressPredicates(specs)) {
      const known = this.#asked.get(predicate.key);
      if (known !== undefined) {
        known.uses++;
        continue;
      }
      const number = this.#nextNumber();
      this.#asked.set(predicate.key, { value: { number, predicate }, uses: 1 });
      this.#addresses.add(number, intervalsOf(predicate, this.#nodes.values()));
      isNew = true;
    }
    return { isNew };
  }

  /** Nodes have other addresses or labels: gives the numbers of the questions about nodes. */
  nodesChanged(): readonly number[] {
    const changed = [...this.#asked.values()].filter(({ value }) => value.predicate.kind !== "block");
    for (const { value } of changed) {
      this.#addresses.add(value.number, intervalsOf(value.predicate, this.#nodes.values()));
    }
    return changed.map(({ value }) => value.number);
  }

  bind(spec: RuleSpec): BoundRule {
    const known = this.#rules.get(spec.key);
    if (known !== undefined) {
      known.uses++;
      return known.value;
    }
    const bound = {
      id: this.#nextNumber(),
      spec,
      fixed: this.#pool.add(spec.ports),
      byAskedPorts: new Map<string, number>(),
    };
    const value: BoundRule = spec.peers === undefined ? bound : { ...bound, peers: this.#bindPeers(spec.peers) };
    this.#rules.set(spec.key, { value, uses: 1 });
    return value;
  }

  /** Ends one use of each of these. */
  release(rules: readonly BoundRule[]): void {
    for (const { spec, peers } of rules) {
      const used = this.#rules.get(spec.key);
      if (used === undefined || --used.uses > 0) continue;
      this.#rules.delete(spec.key);
      for (const question of peers?.pods ?? []) this.#questions.release(question);
    }
    for (const { key } of addressPredicates(rules.map(({ spec }) => spec))) {
      const used = this.#asked.get(key);
      if (used !== undefined) used.uses--;
    }
  }

  /** Forgets addresses that no rule asks about any more, once they are many; classes must be told apart anew then. */
  sweep(): { readonly swept: boolean } {
    const unused = [...this.#asked].filter(([, { uses }]) => uses === 0);
    if (unused.length <= fewUnused || unused.length * 2 < this.#asked.size) return { swept: false };
    for (const [key, { value }] of unused) {
      this.#asked.delete(key);
      this.#addresses.remove(value.number);
    }
    return { swept: true };
  }

  /** A rule as it judges a subject. */
  apply(rule: BoundRule, direction: Direction, subject: PodClass): AppliedRule {
    const { named } = rule.spec;
    if (named.length > 0 && direction === "ingress") {
      const connections = connectionsAt({ rule, connections: rule.fixed, named }, subject, this.#pool);
      return { rule, connections, named: [] };
    }
    const known = this.#applied.get(rule);
    if (known !== undefined) return known;
    const applied = { rule, connections: rule.fixed, named };
    this.#applied.set(rule, applied);
    return applied;
  }

  #asking({ key }: AddressPredicate): BoundAddresses {
    const used = this.#asked.get(key);
    if (used === undefined) throw new Error(`nobody asked about ${key}`);
    return used.value;
  }

  #bindPeers(predicates: NonNullable<RuleSpec["peers"]>): BoundPeers {
    const pods: PodQuestion[] = [];
    const addresses: BoundAddresses[] = [];
    let unknownPods: number | undefined;
    for (const predicate of predicates) {
      if (predicate.kind === "pods") pods.push(this.#questions.use(predicate));
      else if (predicate.kind === "unknown-pods") unknownPods = this.#asking(predicate).number;
      else addresses.push(this.#asking(predicate));
    }
    return unknownPods === undefined ? { pods, addresses } : { pods, addresses, unknownPods };
  }
}

/** The questions about addresses, once for each rule that asks. */
function addressPredicates(specs: Iterable<RuleSpec>): AddressPredicate[] {
  const asked: AddressPredicate[] = [];
  for (const { peers } of specs) {
    if (peers !== undefined) for (const predicate of peers) if (predicate.kind !== "pods") asked.push(predicate);
  }
  return asked;
}
