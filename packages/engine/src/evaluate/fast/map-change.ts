import type { Direction } from "../../model/network-policy.ts";
import type { ConnectionSet } from "../../net/connection-set.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import type { PodClass } from "./pod-class.ts";
import type { TableView } from "./rule-table.ts";
import type { Before, RuleTables } from "./rule-tables.ts";

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
  readonly before: Before;
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
  const { pool } = changing;
  const sides = (podClass: PodClass, direction: Direction): Sides => sidesOf(changing, podClass, direction);
  const old = (podClass: PodClass): PodClass => changing.origins.get(podClass) ?? podClass;
  const compare = (source: PodClass, from: Sides, destination: PodClass, to: Sides): ChangedPair | undefined => {
    const was = pool.intersect(allowed(from.before, old(destination)), allowed(to.before, old(source)));
    const is = pool.intersect(allowed(from.after, destination), allowed(to.after, source));
    return was === is ? undefined : { source, destination, before: pool.get(was), after: pool.get(is) };
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
      if (allowed(from.before, old(destination)) !== allowed(from.after, destination)) continue;
      const pair = compare(source, from, destination, to);
      if (pair !== undefined) yield pair;
    }
  }
}

/** What judged a class, and what judges it. */
interface Sides {
  readonly before: TableView;
  readonly after: TableView;
}

function sidesOf({ before, tables, origins }: Changing, podClass: PodClass, direction: Direction): Sides {
  const now = tables.of(podClass, direction);
  const was =
    before.tables[direction].get(origins.get(podClass) ?? podClass) ?? before.tables[direction].get(podClass) ?? now;
  return { before: before.views.get(was) ?? was.view("first"), after: now.view("first") };
}

function allowed({ common, exceptions }: TableView, peer: PodClass): number {
  return exceptions.get(peer) ?? common;
}

/** Whether a class is there, and was before. */
function isThere({ tables, created }: Changing, podClass: PodClass): boolean {
  return tables.judges(podClass) && !created.has(podClass);
}

/** The classes of whom a side says another than before. */
function* peersOf({ before, after }: Sides, changing: Changing): Generator<PodClass> {
  const { origins, tables } = changing;
  const candidates =
    before.common === after.common
      ? new Set([...before.exceptions.keys(), ...after.exceptions.keys(), ...origins.keys()])
      : tables.subjects;
  for (const peer of candidates) {
    if (!isThere(changing, peer)) continue;
    if (allowed(before, origins.get(peer) ?? peer) !== allowed(after, peer)) yield peer;
  }
}
