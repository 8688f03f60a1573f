import type { Direction } from "../../model/network-policy.ts";
import type { ConnectionSet } from "../../net/connection-set.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import type { PodClass } from "./pod-class.ts";
import type { Before, RuleTables } from "./rule-tables.ts";
import { PastView } from "./past-view.ts";
import type { TableView } from "./table-view.ts";
import { classesAsked } from "./classes-asked.ts";
import { type TraitSet, type Traits, noTraits } from "./traits.ts";

/** What a change of the cluster changes in its map. */
export interface MapChange {
  /** Pods that came, went, or are of another class now. */
  readonly pods: readonly { readonly key: string; readonly before?: PodClass; readonly after?: PodClass }[];
  /** Classes whose rules are others, or say another, in a direction. */
  readonly judged: Readonly<Record<Direction, ReadonlySet<PodClass>>>;
  /**
   * Pairs of classes, there before and after, that may exchange something else now; pods are met by their first address.
   * Worked out while it is read, which must be before the next change.
   */
  readonly pairs: Iterable<ChangedPair>;
}

export interface ChangedPair {
  readonly source: PodClass;
  readonly destination: PodClass;
  readonly before: ConnectionSet;
  readonly after: ConnectionSet;
}

export interface Changing {
  readonly pods: MapChange["pods"];
  /** The class that a new class was part of before. */
  readonly origins: ReadonlyMap<PodClass, PodClass>;
  /** Classes that nobody was of before. */
  readonly created: ReadonlySet<PodClass>;
  readonly tables: RuleTables;
  readonly traits: Traits;
  readonly before: Before & {
    /** Of the classes that had others, by their first address. */
    readonly traits: ReadonlyMap<PodClass, TraitSet>;
  };
  readonly pool: ConnectionPool;
}

export function mapChange(changing: Changing): MapChange {
  const judged = { egress: judgedAnew(changing, "egress"), ingress: judgedAnew(changing, "ingress") };
  return {
    pods: changing.pods,
    judged,
    pairs: { [Symbol.iterator]: () => changedPairs(changing, judged) },
  };
}

function judgedAnew({ before, tables, origins }: Changing, direction: Direction): ReadonlySet<PodClass> {
  const judged = new Set<PodClass>(before.tables[direction].keys());
  for (const table of before.views.keys()) {
    if (tables.has(table, direction)) for (const podClass of table.subjects) judged.add(podClass);
  }
  for (const [to, from] of origins) if (judged.has(from)) judged.add(to);
  return judged;
}

function* changedPairs(changing: Changing, judged: MapChange["judged"]): Generator<ChangedPair> {
  const { pool, traits } = changing;
  const sides = (podClass: PodClass, direction: Direction): Sides => sidesOf(changing, podClass, direction);
  const was = (view: PastView, peer: PodClass): number => allowedBefore(changing, view, peer);
  const is = (view: TableView, peer: PodClass): number => view.allowed(peer, traits.of(peer, "first"));
  const compare = (source: PodClass, from: Sides, destination: PodClass, to: Sides): ChangedPair | undefined => {
    const before = pool.intersect(was(from.before, destination), was(to.before, source));
    const after = pool.intersect(is(from.after, destination), is(to.after, source));
    return before === after ? undefined : { source, destination, before: pool.get(before), after: pool.get(after) };
  };
  for (const source of judged.egress) {
    if (!isThere(changing, source)) continue;
    const from = sides(source, "egress");
    for (const destination of peersOf(from, changing)) {
      const pair = compare(source, from, destination, sides(destination, "ingress"));
      if (pair !== undefined) yield pair;
    }
  }
  for (const destination of judged.ingress) {
    if (!isThere(changing, destination)) continue;
    const to = sides(destination, "ingress");
    for (const source of peersOf(to, changing)) {
      const from = sides(source, "egress");
      // Where the source's side differs as well, the pair was found there.
      if (was(from.before, destination) !== is(from.after, destination)) continue;
      const pair = compare(source, from, destination, to);
      if (pair !== undefined) yield pair;
    }
  }
}

/** What judged a class, and what judges it. */
interface Sides {
  readonly before: PastView;
  readonly after: TableView;
}

function sidesOf({ before, tables, origins }: Changing, podClass: PodClass, direction: Direction): Sides {
  const now = tables.of(podClass, direction);
  const old = before.tables[direction];
  const was = old.get(origins.get(podClass) ?? podClass) ?? old.get(podClass) ?? now;
  return { before: before.views.get(was) ?? new PastView(was.view("first")), after: now.view("first") };
}

/** What a view of before says of a class as it was. */
function allowedBefore({ before, traits, origins }: Changing, view: PastView, peer: PodClass): number {
  const was = origins.get(peer) ?? peer;
  return view.allowed(was, before.traits.get(was) ?? traits.of(was, "first"));
}

/** Whether a class is there, and was before. */
function isThere({ tables, created }: Changing, podClass: PodClass): boolean {
  return tables.judges(podClass) && !created.has(podClass);
}

/** Classes that two views may judge differently by traits. */
function changedByTraits({ view }: PastView, after: TableView, traits: Traits): Iterable<PodClass> {
  const asksPorts = view.asked.ports || after.asked.ports;
  if (asksPorts || view.byTraits(noTraits) !== after.byTraits(noTraits)) return traits.classes;
  return new Set([...classesAsked(view, traits), ...classesAsked(after, traits)]);
}

/** The classes of whom a side says another than before. */
function* peersOf({ before, after }: Sides, changing: Changing): Generator<PodClass> {
  const { origins, traits } = changing;
  const candidates = new Set([...before.entries.keys(), ...origins.keys(), ...changing.before.traits.keys()]);
  if (before.view !== after) for (const podClass of before.named) candidates.add(podClass);
  if (before.view !== after) for (const podClass of after.exceptions.keys()) candidates.add(podClass);
  if (before.rules !== after.rules) {
    for (const podClass of changedByTraits(before, after, traits)) candidates.add(podClass);
  }
  for (const peer of candidates) {
    if (!isThere(changing, peer)) continue;
    if (allowedBefore(changing, before, peer) !== after.allowed(peer, traits.of(peer, "first"))) yield peer;
  }
}
