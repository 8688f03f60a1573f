import type { AppliedRule, BoundRule } from "./bound-rule.ts";
import type { ClassOrder } from "./class-order.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { Decisions } from "./decisions.ts";
import { connectionsAt } from "./connections-at.ts";
import type { RuleTable } from "./rule-table.ts";

/** What a table allows each class, met by its first address. Classes are places, connections are numbers of the pool. */
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

type Step = (state: number, rule: BoundRule, connections: number) => number;

/** Works out the rows of tables; tiers that many tables have in common once. */
export class TableRows {
  readonly #order: ClassOrder;
  readonly #pool: ConnectionPool;
  readonly #decisions: Decisions;
  readonly #peers = new Map<BoundRule, Int32Array>();
  readonly #tiers = new Map<string, TierSegment>();
  readonly #allow: Step;
  readonly #decide: Step;
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
    this.#allow = (allowed, _, connections) => pool.union(allowed, connections);
    this.#decide = (decision, { spec }, connections) => decisions.after(decision, spec, connections);
  }

  of(table: RuleTable): TableRow {
    const { rules, isolates } = table;
    const subjects = this.#order.placesOf(table.subjects);
    let from = 0;
    while (rules[from]?.rule.spec.stage === "Admin") from++;
    let to = from;
    while (rules[to]?.rule.spec.stage === "NetworkPolicy") to++;
    const rest = isolates
      ? this.#segment(from === 0 && to === rules.length ? rules : rules.slice(from, to), ConnectionPool.none, this.#allow)
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
    for (const { rule, connections, named } of rules) key += named.length > 0 ? `${rule.id} ` : `${rule.id}:${connections} `;
    const known = this.#tiers.get(key);
    if (known !== undefined) return known;
    const segment = this.#segment(rules, Decisions.start, this.#decide);
    const all = new Int32Array(this.#order.count).fill(segment.base);
    for (const [index, place] of segment.peers.entries()) all[place] = segment.states[index] as number;
    const accepting = segment.peers.filter((place) => this.#decisions.accepts(all[place] as number));
    const tier = { ...segment, all, accepting };
    this.#tiers.set(key, tier);
    return tier;
  }

  #segment(rules: readonly AppliedRule[], start: number, step: Step): Segment {
    const [states, rounds, met] = [this.#states, this.#roundOf, this.#met];
    const round = ++this.#round;
    let base = start;
    let count = 0;
    for (const applied of rules) {
      const { rule, connections, named } = applied;
      const isForAll = rule.peers === undefined;
      const peers = isForAll ? (named.length > 0 ? this.#order.naming : noPlaces) : this.#peersOf(rule);
      for (let index = 0; index < peers.length; index++) {
        const place = peers[index] as number;
        if (rounds[place] !== round) {
          rounds[place] = round;
          states[place] = base;
          met[count++] = place;
        }
        if (!isForAll) states[place] = step(states[place] as number, rule, this.#about(applied, place));
      }
      if (!isForAll) continue;
      for (let index = 0; index < count; index++) {
        const place = met[index] as number;
        states[place] = step(states[place] as number, rule, this.#about(applied, place));
      }
      base = step(base, rule, connections);
    }
    return this.#metOf(base, count);
  }

  #about(applied: AppliedRule, place: number): number {
    return applied.named.length === 0
      ? applied.connections
      : connectionsAt(applied, this.#order.at(place), this.#pool);
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

  /** The classes that a rule is for; some more than once. */
  #peersOf(rule: BoundRule): Int32Array {
    const known = this.#peers.get(rule);
    if (known !== undefined) return known;
    const places: number[] = [];
    for (const { members } of rule.peers?.pods ?? []) this.#order.addPlaces(members, places);
    for (const { number } of rule.peers?.addresses ?? []) {
      this.#order.forEachHolding(number, (place) => places.push(place));
    }
    const peers = Int32Array.from(places);
    this.#peers.set(rule, peers);
    return peers;
  }
}

const noPlaces = new Int32Array(0);
