import type { AppliedRule, BoundRule } from "./bound-rule.ts";
import { type ClassOrder, joined } from "./class-order.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { Decisions } from "./decisions.ts";
import { connectionsAt } from "./connections-at.ts";
import { type PlaceSet, placeSetOf } from "./place-set.ts";
import type { RuleTable } from "./rule-table.ts";
import { TableIntake } from "./table-intake.ts";
import { type RowPart, TableRow } from "./table-row.ts";
import type { Segment, TierSegment } from "./tier-segment.ts";

/** What the rules after the Admin tier's allow. */
interface Rest {
  readonly base: number;
  /** What is allowed to peers beside what their parts say: of NetworkPolicies' rules those for everyone add up with others. */
  readonly toPeers: number;
  readonly parts: readonly RowPart[];
  /** What is allowed to or from each class, where that is not the base and the parts. */
  readonly at?: (place: number) => number;
}

/** Works out what tables allow; tiers that many tables have in common once. */
export class TableRows {
  readonly #order: ClassOrder;
  readonly #pool: ConnectionPool;
  readonly #decisions: Decisions;
  readonly #peers = new Map<BoundRule, Int32Array>();
  readonly #peerSets = new Map<BoundRule, PlaceSet>();
  readonly #parts = new Map<AppliedRule, RowPart>();
  /** By rule and choice of numbers for port names, one more than the number of what it is about; 0 where it is not known. */
  readonly #byPorts = new Map<AppliedRule, Int32Array>();
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

  /** What a table allows each class, for those who go through all that its rules are about. */
  of(table: RuleTable): TableRow {
    const stages = stagesOf(table);
    const admin = stages.admin.length === 0 ? undefined : this.#tier(stages.admin);
    const rest = stages.policies === undefined ? this.#byBaseline(stages.baseline) : this.#byPolicies(stages.policies);
    const base = admin === undefined ? rest.base : this.#decisions.withRest(admin.base, rest.base);
    const parts = [...rest.parts];
    if (admin !== undefined) {
      // Where all that is not accepted is closed, the tier's other rules change nothing.
      const isClosed = base === ConnectionPool.none && rest.base === ConnectionPool.none;
      const peers = isClosed ? admin.accepting : admin.peers;
      parts.push({ peers, connections: rest.base, ...(rest.at && { each: peers.map(rest.at) }) });
    }
    const subjects = this.#order.placesOf(table.subjects);
    const toAll = { base, toPeers: rest.toPeers, admin: admin?.all };
    return new TableRow(subjects, parts, toAll, this.#pool, this.#decisions);
  }

  #byPolicies(policies: readonly AppliedRule[]): Rest {
    const parts: RowPart[] = [];
    let base: number = ConnectionPool.none;
    for (const applied of policies) {
      if (applied.rule.peers === undefined) base = this.#pool.union(base, applied.connections);
      const part = this.#partOf(applied);
      if (part.peers.length > 0) parts.push(part);
    }
    return { base, toPeers: base, parts };
  }

  #byBaseline(rules: readonly AppliedRule[]): Rest {
    if (rules.length === 0) return { base: ConnectionPool.all, toPeers: ConnectionPool.none, parts: [] };
    const { base, peers, all } = this.#tier(rules);
    const at = (place: number): number => this.#decisions.outcome(all[place] as number, "Baseline");
    const part = { peers, connections: ConnectionPool.none, each: peers.map(at) };
    return { base: this.#decisions.outcome(base, "Baseline"), toPeers: ConnectionPool.none, parts: [part], at };
  }

  /** What a table allows each class, for those who ask about few of them. */
  intakeOf(table: RuleTable): TableIntake {
    const { admin, policies, baseline } = stagesOf(table);
    const subjects = this.#order.placesOf(table.subjects);
    const intake = new TableIntake(subjects, this.#pool, this.#decisions);
    if (policies !== undefined) {
      for (const { rule, connections } of policies) {
        if (rule.peers === undefined) intake.allowEveryone(connections);
        else intake.allow(this.#peerSetOf(rule), connections);
      }
    } else if (baseline.length === 0) intake.allowEveryone(ConnectionPool.all);
    else intake.judgeBy(this.#tier(baseline));
    if (admin.length > 0) intake.judgeFirstBy(this.#tier(admin));
    return intake;
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
    const tier = {
      ...segment,
      all,
      accepting,
      peerSet: placeSetOf(segment.peers),
      acceptingSet: placeSetOf(accepting),
    };
    this.#tiers.set(key, tier);
    return tier;
  }

  /** What the rules of a tier decide: the first that is about a connection. */
  #decided(rules: readonly AppliedRule[]): Segment {
    const decisions = this.#decisions;
    const states = this.#states;
    const rounds = this.#roundOf;
    const met = this.#met;
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
      const byPorts = named.length === 0 ? undefined : this.#byPortsOf(applied);
      for (let index = 0; index < judgedCount; index++) {
        const place = judged[index] as number;
        const about = byPorts === undefined ? connections : this.#aboutAt(applied, byPorts, place);
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

  /** What a NetworkPolicy's rule allows; they add up. */
  #partOf(applied: AppliedRule): RowPart {
    const known = this.#parts.get(applied);
    if (known !== undefined) return known;
    const peers = this.#peersOf(applied);
    const byPorts = applied.named.length === 0 ? undefined : this.#byPortsOf(applied);
    const part: RowPart = {
      peers,
      connections: applied.connections,
      ...(byPorts && { each: peers.map((place) => this.#aboutAt(applied, byPorts, place)) }),
    };
    this.#parts.set(applied, part);
    return part;
  }

  /** What a rule with named ports is about at a class. */
  #aboutAt(applied: AppliedRule, byPorts: Int32Array, place: number): number {
    const choice = this.#order.portsOf(place);
    const found = (byPorts[choice] as number) - 1;
    if (found >= 0) return found;
    const about = connectionsAt(applied, this.#order.at(place), this.#pool);
    byPorts[choice] = about + 1;
    return about;
  }

  #byPortsOf(applied: AppliedRule): Int32Array {
    const known = this.#byPorts.get(applied);
    if (known !== undefined) return known;
    const byPorts = new Int32Array(this.#order.portChoices);
    this.#byPorts.set(applied, byPorts);
    return byPorts;
  }

  #peerSetOf(rule: BoundRule): PlaceSet {
    const known = this.#peerSets.get(rule);
    if (known !== undefined) return known;
    const set = placeSetOf(this.#peersOf({ rule, named: [] }));
    this.#peerSets.set(rule, set);
    return set;
  }

  /** The classes of whom a rule says something of their own; some more than once. */
  #peersOf({ rule, named }: Pick<AppliedRule, "rule" | "named">): Int32Array {
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

/** The rules of a table by when they are asked; where no NetworkPolicy isolates the subject, the Baseline tier's count. */
function stagesOf({ rules, isolates }: RuleTable) {
  let from = 0;
  while (rules[from]?.rule.spec.stage === "Admin") from++;
  let to = from;
  while (rules[to]?.rule.spec.stage === "NetworkPolicy") to++;
  const isWhole = from === 0 && to === rules.length;
  return {
    admin: from === 0 ? noRules : rules.slice(0, from),
    policies: isolates ? (isWhole ? rules : rules.slice(from, to)) : undefined,
    baseline: to === rules.length ? noRules : rules.slice(to),
  };
}

const noRules: readonly AppliedRule[] = [];
