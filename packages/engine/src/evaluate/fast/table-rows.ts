import type { AppliedRule, BoundRule } from "./bound-rule.ts";
import { type ClassOrder, joined } from "./class-order.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { Decisions } from "./decisions.ts";
import { connectionsAt } from "./connections-at.ts";
import type { RuleTable } from "./rule-table.ts";

/** What a table allows each class, met by one of its addresses. Classes are places, connections are numbers of the pool. */
export interface TableRow {
  /** Those whom the table judges. */
  readonly subjects: Int32Array;
  /** What is allowed to or from all that are no peers. */
  readonly base: number;
  /** Classes of whom some rule says more, and what is allowed to or from each; not those with nothing where all have. */
  readonly peers: Int32Array;
  readonly allowed: Int32Array;
}

/** A state for each class after some rules: that of `peers`, in their order, and that of all others. */
interface Segment {
  readonly base: number;
  readonly peers: Int32Array;
  readonly states: Int32Array;
}

/** A segment that many tables have, with the state of every class. */
interface TierSegment extends Segment {
  readonly all: Int32Array;
  /** The peers of whom something is accepted. */
  readonly accepting: Int32Array;
}

/** Works out the rows of tables; tiers that many tables have in common once. */
export class TableRows {
  readonly #order: ClassOrder;
  readonly #pool: ConnectionPool;
  readonly #decisions: Decisions;
  readonly #peers = new Map<BoundRule, Int32Array>();
  readonly #tiers = new Map<string, TierSegment>();
  // Of the classes that were met since the last round began: those of this round, and their states.
  readonly #met: Int32Array;
  readonly #states: Int32Array;
  readonly #roundOf: Int32Array;
  #round = 0;

  constructor(order: ClassOrder, pool: ConnectionPool, decisions: Decisions) {
    this.#order = order;
    this.#pool = pool;
    this.#decisions = decisions;
    this.#met = new Int32Array(order.count);
    this.#states = new Int32Array(order.count);
    this.#roundOf = new Int32Array(order.count);
  }

  of(table: RuleTable): TableRow {
    const { rules, isolates } = table;
    const subjects = this.#order.placesOf(table.subjects);
    let from = 0;
    while (rules[from]?.rule.spec.stage === "Admin") from++;
    let to = from;
    while (rules[to]?.rule.spec.stage === "NetworkPolicy") to++;
    const rest = isolates
      ? this.#allowed(from === 0 && to === rules.length ? rules : rules.slice(from, to))
      : this.#baseline(rules.slice(to));
    const row = from === 0 ? rest : this.#under(this.#tier(rules.slice(0, from)), rest);
    return { subjects, ...this.#withoutNothing(row) };
  }

  /** What Admin rules leave of what rules after them allow. */
  #under(admin: TierSegment, rest: Segment): Segment {
    const decisions = this.#decisions;
    const base = decisions.withRest(admin.base, rest.base);
    const round = ++this.#round;
    let count = 0;
    for (let index = 0; index < rest.peers.length; index++) {
      const place = rest.peers[index] as number;
      this.#roundOf[place] = round;
      this.#met[count++] = place;
      this.#states[place] = decisions.withRest(admin.all[place] as number, rest.states[index] as number);
    }
    const others = base === ConnectionPool.none && rest.base === ConnectionPool.none ? admin.accepting : admin.peers;
    for (let index = 0; index < others.length; index++) {
      const place = others[index] as number;
      if (this.#roundOf[place] === round) continue;
      this.#met[count++] = place;
      this.#states[place] = decisions.withRest(admin.all[place] as number, rest.base);
    }
    return this.#metOf(base, count);
  }

  #baseline(rules: readonly AppliedRule[]): Segment {
    if (rules.length === 0) return { base: ConnectionPool.all, peers: noPlaces, states: noPlaces };
    const { base, peers, states } = this.#tier(rules);
    const outcome = (state: number): number => this.#decisions.outcome(state, "Baseline");
    return { base: outcome(base), peers, states: states.map(outcome) };
  }

  #tier(rules: readonly AppliedRule[]): TierSegment {
    let key = "";
    for (const { rule, connections, named } of rules)
      key += named.length > 0 ? `${rule.id} ` : `${rule.id}:${connections} `;
    const known = this.#tiers.get(key);
    if (known !== undefined) return known;
    const segment = this.#decided(rules);
    const all = new Int32Array(this.#order.count).fill(segment.base);
    for (const [index, place] of segment.peers.entries()) all[place] = segment.states[index] as number;
    const accepting = segment.peers.filter((place) => this.#decisions.accepts(all[place] as number));
    const tier = { ...segment, all, accepting };
    this.#tiers.set(key, tier);
    return tier;
  }

  /** What NetworkPolicies' rules allow: they add up. */
  #allowed(rules: readonly AppliedRule[]): Segment {
    const [pool, states, rounds, met] = [this.#pool, this.#states, this.#roundOf, this.#met];
    const round = ++this.#round;
    let base: number = ConnectionPool.none;
    let count = 0;
    for (const applied of rules) {
      const { rule, connections, named } = applied;
      if (rule.peers === undefined) base = pool.union(base, connections);
      const peers = this.#peersOf(applied);
      for (let index = 0; index < peers.length; index++) {
        const place = peers[index] as number;
        const about = named.length === 0 ? connections : connectionsAt(applied, this.#order.at(place), pool);
        if (rounds[place] === round) states[place] = pool.union(states[place] as number, about);
        else {
          rounds[place] = round;
          states[place] = about;
          met[count++] = place;
        }
      }
    }
    const segment = this.#metOf(base, count);
    return base === ConnectionPool.none
      ? segment
      : { ...segment, states: segment.states.map((own) => pool.union(own, base)) };
  }

  /** What the rules of a tier decide: the first that is about a connection. */
  #decided(rules: readonly AppliedRule[]): Segment {
    const [decisions, states, rounds, met] = [this.#decisions, this.#states, this.#roundOf, this.#met];
    const round = ++this.#round;
    let base: number = Decisions.start;
    let count = 0;
    for (const applied of rules) {
      const { rule, connections, named } = applied;
      const peers = this.#peersOf(applied);
      for (let index = 0; index < peers.length; index++) {
        const place = peers[index] as number;
        if (rounds[place] === round) continue;
        rounds[place] = round;
        states[place] = base;
        met[count++] = place;
      }
      const judged = rule.peers === undefined ? met : peers;
      const judgedCount = rule.peers === undefined ? count : peers.length;
      for (let index = 0; index < judgedCount; index++) {
        const place = judged[index] as number;
        const about = named.length === 0 ? connections : connectionsAt(applied, this.#order.at(place), this.#pool);
        states[place] = decisions.after(states[place] as number, rule.spec, about);
      }
      if (rule.peers === undefined) base = decisions.after(base, rule.spec, connections);
    }
    return this.#metOf(base, count);
  }

  /** The state of each class that was met in this round. */
  #metOf(base: number, count: number): Segment {
    const peers = this.#met.slice(0, count);
    const states = new Int32Array(count);
    for (let index = 0; index < count; index++) states[index] = this.#states[peers[index] as number] as number;
    return { base, peers, states };
  }

  #withoutNothing({ base, peers, states }: Segment): Omit<TableRow, "subjects"> {
    const { none } = ConnectionPool;
    if (base !== none || !states.includes(none)) return { base, peers, allowed: states };
    const isOpen = (_: number, index: number): boolean => states[index] !== none;
    return { base, peers: peers.filter(isOpen), allowed: states.filter(isOpen) };
  }

  /** The classes of whom a rule says something of their own; some more than once. */
  #peersOf({ rule, named }: AppliedRule): Int32Array {
    if (rule.peers === undefined) return named.length === 0 ? noPlaces : this.#order.naming;
    const known = this.#peers.get(rule);
    if (known !== undefined) return known;
    const { pods, addresses } = rule.peers;
    const parts = [
      ...pods.map(({ members }) => this.#order.placesOf(members)),
      ...addresses.map(({ number }) => this.#order.placesHolding(number)),
    ];
    const peers = parts.length === 1 ? (parts[0] as Int32Array) : joined(parts);
    this.#peers.set(rule, peers);
    return peers;
  }
}

const noPlaces = new Int32Array(0);
