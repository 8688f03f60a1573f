import type { ConnectionSet } from "../../net/connection-set.ts";
import { ConnectionPool } from "./connection-pool.ts";
import type { PodClass } from "./pod-class.ts";
import type { RuleTable, TableView } from "./rule-table.ts";
import type { RuleTables } from "./rule-tables.ts";

/** Each of the sources may exchange this with each of the destinations. */
export interface OpenBlock {
  readonly sources: readonly PodClass[];
  readonly destinations: readonly PodClass[];
  readonly connections: ConnectionSet;
}

/** A table with what it says. */
interface Judged {
  readonly table: RuleTable;
  readonly view: TableView;
}

/**
 * Every ordered pair of classes that may exchange something, once. Pairs are looked for where a table names a class:
 * through the side that is closed but for what it names. Only where both sides are open to everyone are there blocks of
 * many classes.
 */
export function* openBlocks(tables: RuleTables, pool: ConnectionPool): Generator<OpenBlock> {
  tables.settle();
  const egress = sortedOut(tables.all("egress"));
  const ingress = sortedOut(tables.all("ingress"));
  const single = (source: PodClass, destination: PodClass, set: number): OpenBlock => ({
    sources: [source],
    destinations: [destination],
    connections: pool.get(set),
  });
  for (const { table, view } of ingress.closed) {
    for (const [source, allowed] of view.exceptions) {
      const fromSource = tables.of(source, "egress");
      for (const destination of table.subjects) {
        const set = pool.intersect(allowed, fromSource.allowed(destination, "first"));
        if (set !== ConnectionPool.none) yield single(source, destination, set);
      }
    }
  }
  for (const { table, view } of egress.closed) {
    for (const [destination, allowed] of view.exceptions) {
      const toDestination = tables.of(destination, "ingress").view("first");
      if (toDestination.common === ConnectionPool.none) continue;
      for (const source of table.subjects) {
        const set = pool.intersect(allowed, toDestination.exceptions.get(source) ?? toDestination.common);
        if (set !== ConnectionPool.none) yield single(source, destination, set);
      }
    }
  }
  for (const from of egress.open) {
    for (const to of ingress.open) yield* openToEachOther(from, to, pool, single);
  }
}

/** Tables that allow nothing but what they name, and the others. */
function sortedOut(tables: Iterable<RuleTable>): {
  readonly closed: readonly Judged[];
  readonly open: readonly Judged[];
} {
  const judged = [...tables].map((table) => ({ table, view: table.view("first") }));
  return {
    closed: judged.filter(({ view }) => view.common === ConnectionPool.none),
    open: judged.filter(({ view }) => view.common !== ConnectionPool.none),
  };
}

/** Where neither side names the other, all pairs are alike. */
function* openToEachOther(
  from: Judged,
  to: Judged,
  pool: ConnectionPool,
  single: (source: PodClass, destination: PodClass, set: number) => OpenBlock,
): Generator<OpenBlock> {
  const sources = [...from.table.subjects];
  const destinations = [...to.table.subjects];
  const plainSources = sources.filter((source) => !to.view.exceptions.has(source));
  const plainDestinations = destinations.filter((destination) => !from.view.exceptions.has(destination));
  const common = pool.intersect(from.view.common, to.view.common);
  if (common !== ConnectionPool.none && plainSources.length > 0 && plainDestinations.length > 0) {
    yield { sources: plainSources, destinations: plainDestinations, connections: pool.get(common) };
  }
  for (const source of sources) {
    const incoming = to.view.exceptions.get(source);
    for (const destination of destinations) {
      const outgoing = from.view.exceptions.get(destination);
      if (incoming === undefined && outgoing === undefined) continue;
      const set = pool.intersect(outgoing ?? from.view.common, incoming ?? to.view.common);
      if (set !== ConnectionPool.none) yield single(source, destination, set);
    }
  }
}
