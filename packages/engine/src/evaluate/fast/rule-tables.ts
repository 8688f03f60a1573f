import type { Direction } from "../../model/network-policy.ts";
import { appliedRules } from "./applied-rules.ts";
import type { PodClass } from "./pod-class.ts";
import type { PolicyUse } from "./policy-use.ts";
import type { PodQuestion } from "./question-index.ts";
import type { RuleBinder } from "./rule-binder.ts";
import { PastView } from "./past-view.ts";
import { RuleTable, type TableContext } from "./rule-table.ts";

type ByDirection<T> = Readonly<Record<Direction, T>>;

/** What tables were and said before a change, for those that are or may say another now. */
export interface Before {
  /** The table that judged a class. */
  readonly tables: ByDirection<ReadonlyMap<PodClass, RuleTable>>;
  readonly views: ReadonlyMap<RuleTable, PastView>;
}

interface Recording {
  readonly tables: ByDirection<Map<PodClass, RuleTable>>;
  readonly views: Map<RuleTable, PastView>;
}

/** The tables of all classes: one for each list of rules, made when it is asked for. */
export class RuleTables {
  readonly #context: TableContext;
  readonly #binder: RuleBinder;
  readonly #usesOf: (podClass: PodClass) => ReadonlySet<PolicyUse>;
  readonly #byKey: ByDirection<Map<string, RuleTable>> = { egress: new Map(), ingress: new Map() };
  readonly #byClass: ByDirection<Map<PodClass, RuleTable>> = { egress: new Map(), ingress: new Map() };
  readonly #asking = new Map<PodQuestion, Set<RuleTable>>();
  readonly #askingAddresses = new Map<number, Set<RuleTable>>();
  readonly #unsettledClasses = new Set<PodClass>();
  readonly #unsettledTables = new Set<RuleTable>();
  /** The classes of whom tables must say anew what they say by name. */
  readonly #unsettledEntries = new Map<RuleTable, Set<PodClass>>();
  #recording: Recording | undefined;

  constructor(context: TableContext, binder: RuleBinder, usesOf: (podClass: PodClass) => ReadonlySet<PolicyUse>) {
    this.#context = context;
    this.#binder = binder;
    this.#usesOf = usesOf;
  }

  of(podClass: PodClass, direction: Direction): RuleTable {
    return this.#byClass[direction].get(podClass) ?? this.#judge(podClass, direction, this.#make(podClass, direction));
  }

  /** What would judge a class that these policies selected; it is asked what it allows, and not kept up to date. */
  supposed(podClass: PodClass, direction: Direction, uses: Iterable<PolicyUse>): RuleTable {
    const { key, rules, isolated } = appliedRules(uses, direction, podClass, this.#binder);
    const known = this.#byKey[direction].get(key);
    return known ?? new RuleTable(key, rules, isolated ? "NetworkPolicy" : "Baseline", this.#context);
  }

  /** Those that judge a class, where every class was asked for. */
  all(direction: Direction): Iterable<RuleTable> {
    return this.#byKey[direction].values();
  }

  /** Whether a table judges classes in a direction, still. */
  has(table: RuleTable, direction: Direction): boolean {
    return this.#byKey[direction].get(table.key) === table;
  }

  /** Whether a class is judged; true of all that are there once tables are settled. */
  judges(podClass: PodClass): boolean {
    return this.#byClass.egress.has(podClass);
  }

  /** The classes that are judged. */
  get subjects(): Iterable<PodClass> {
    return this.#byClass.egress.keys();
  }

  /** Takes a new class in. */
  enter(podClass: PodClass): void {
    this.#unsettledClasses.add(podClass);
  }

  leave(podClass: PodClass): void {
    for (const direction of directions) this.subjectChanged(podClass, direction);
    this.#unsettledClasses.delete(podClass);
  }

  /** Makes tables that are still to be made, so that every class has its own. */
  settleClasses(): void {
    // Classes that the same policies select, and whose ports are alike, have the same tables.
    const samples = new Map<number, PodClass>();
    for (const podClass of this.#unsettledClasses) {
      const uses = this.#usesOf(podClass);
      const hash = hashOf(uses);
      let sample = samples.get(hash);
      if (sample === undefined) samples.set(hash, podClass);
      else if (sample.askedPorts !== podClass.askedPorts || !haveSameItems(uses, this.#usesOf(sample))) {
        sample = undefined;
      }
      for (const direction of directions) {
        const byClass = this.#byClass[direction];
        if (byClass.has(podClass)) continue;
        const table = sample === undefined ? undefined : byClass.get(sample);
        this.#judge(podClass, direction, table ?? this.#make(podClass, direction));
      }
    }
    this.#unsettledClasses.clear();
  }

  /** Makes what is still to be made, so that all tables are there and have their say. */
  settle(): void {
    this.settleClasses();
    for (const [table, classes] of this.#unsettledEntries) {
      if (this.#unsettledTables.has(table)) continue;
      const past = table.rejudge(classes);
      this.#recording?.views.set(table, past);
    }
    this.#unsettledEntries.clear();
    for (const table of this.#unsettledTables) {
      this.#index(table);
      table.view("first");
    }
    this.#unsettledTables.clear();
  }

  #judge(podClass: PodClass, direction: Direction, table: RuleTable): RuleTable {
    table.subjects.add(podClass);
    this.#byClass[direction].set(podClass, table);
    return table;
  }

  /** Other policies select a class. */
  subjectChanged(podClass: PodClass, direction: Direction): void {
    const table = this.#byClass[direction].get(podClass);
    if (table === undefined) return;
    const recorded = this.#recording?.tables[direction];
    if (recorded !== undefined && !recorded.has(podClass)) recorded.set(podClass, table);
    this.#byClass[direction].delete(podClass);
    this.#unsettledClasses.add(podClass);
    table.subjects.delete(podClass);
    if (table.subjects.size === 0) this.#drop(table, direction);
  }

  /** A question is answered in another way for a class. */
  answerChanged(question: PodQuestion, podClass: PodClass): void {
    for (const table of this.#asking.get(question) ?? []) {
      this.#record(table);
      addTo(this.#unsettledEntries, table, podClass);
    }
  }

  /** A question is broad now. */
  broadened(question: PodQuestion): void {
    for (const table of this.#asking.get(question) ?? []) this.#forget(table);
  }

  /** Other classes are at the addresses of a question, by its number. */
  addressesChanged(number: number): void {
    for (const table of this.#askingAddresses.get(number) ?? []) this.#forget(table);
  }

  /** A class that is judged as another is, because both were one. */
  copy(from: PodClass, to: PodClass): void {
    for (const direction of directions) {
      const table = this.#byClass[direction].get(from);
      if (table === undefined) continue;
      table.subjects.add(to);
      this.#byClass[direction].set(to, table);
    }
  }

  /** Keeps what tables say from now on until `endRecording`. */
  startRecording(): void {
    this.settle();
    this.#recording = { tables: { egress: new Map(), ingress: new Map() }, views: new Map() };
  }

  endRecording(): Before {
    const recording = this.#recording;
    if (recording === undefined) throw new Error("no change was recorded");
    this.#recording = undefined;
    return recording;
  }

  #forget(table: RuleTable): void {
    this.#record(table);
    table.forget();
    this.#unsettledTables.add(table);
  }

  #record(table: RuleTable): void {
    const views = this.#recording?.views;
    if (views !== undefined && !views.has(table)) views.set(table, new PastView(table.view("first")));
  }

  #make(podClass: PodClass, direction: Direction): RuleTable {
    const { key, rules, isolated } = appliedRules(this.#usesOf(podClass), direction, podClass, this.#binder);
    const known = this.#byKey[direction].get(key);
    if (known !== undefined) return known;
    const table = new RuleTable(key, rules, isolated ? "NetworkPolicy" : "Baseline", this.#context);
    this.#byKey[direction].set(key, table);
    this.#unsettledTables.add(table);
    return table;
  }

  #index(table: RuleTable): void {
    for (const question of questionsOf(table)) addTo(this.#asking, question, table);
    for (const number of numbersOf(table)) addTo(this.#askingAddresses, number, table);
  }

  #drop(table: RuleTable, direction: Direction): void {
    this.#record(table);
    this.#byKey[direction].delete(table.key);
    this.#unsettledTables.delete(table);
    this.#unsettledEntries.delete(table);
    for (const question of questionsOf(table)) deleteFrom(this.#asking, question, table);
    for (const number of numbersOf(table)) deleteFrom(this.#askingAddresses, number, table);
  }
}

const directions: readonly Direction[] = ["egress", "ingress"];

/** Equal for equal sets; it seldom is for others. */
function hashOf(uses: ReadonlySet<PolicyUse>): number {
  let hash = 0;
  for (const { number } of uses) hash = (hash + Math.imul(number + 1, 0x9e3779b1)) | 0;
  return hash;
}

function haveSameItems<Item>(some: ReadonlySet<Item>, others: ReadonlySet<Item>): boolean {
  if (some.size !== others.size) return false;
  for (const item of some) if (!others.has(item)) return false;
  return true;
}

function questionsOf({ rules }: RuleTable): PodQuestion[] {
  return rules.flatMap(({ rule }) => rule.peers?.pods ?? []);
}

function numbersOf({ rules }: RuleTable): number[] {
  return rules.flatMap(({ rule }) => (rule.peers?.addresses ?? []).map(({ number }) => number));
}

function addTo<Key, Value>(map: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const others = map.get(key);
  if (others === undefined) map.set(key, new Set([value]));
  else others.add(value);
}

function deleteFrom<Key, Value>(map: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const others = map.get(key);
  others?.delete(value);
  if (others?.size === 0) map.delete(key);
}
