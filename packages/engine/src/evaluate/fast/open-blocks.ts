import type { ConnectionSet } from "../../net/connection-set.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { type Reach, reachOf } from "./reach.ts";
import type { PodClass } from "./pod-class.ts";
import type { RuleTable } from "./rule-table.ts";
import type { RuleTables } from "./rule-tables.ts";
import type { TraitSet, Traits } from "./traits.ts";

/** Each of the sources may exchange this with each of the destinations. */
export interface OpenBlock {
  readonly sources: readonly PodClass[];
  readonly destinations: readonly PodClass[];
  readonly connections: ConnectionSet;
  /** Pairs that are not meant, by source. */
  readonly except: ReadonlyMap<PodClass, ReadonlySet<PodClass>>;
}

const noPairs: OpenBlock["except"] = new Map();

interface Evaluation {
  readonly tables: RuleTables;
  readonly traits: Traits;
  readonly pool: ConnectionPool;
}

/**
 * Every ordered pair of classes that may exchange something, once, found from the side that allows less, so that it takes
 * about as long as there are such pairs: first the pairs of which a rule of one side selects the other end, then those
 * that traits decide. Where both sides treat all alike, all pairs are one block.
 */
export function* openBlocks(evaluation: Evaluation): Generator<OpenBlock> {
  evaluation.tables.settle();
  yield* selectedPairs(evaluation);
  const reach = { egress: reaches(evaluation, "egress"), ingress: reaches(evaluation, "ingress") };
  yield* fromNarrowSources(evaluation, reach);
  yield* intoNarrowDestinations(evaluation, reach);
  yield* betweenWide(evaluation, reach);
}

/** Of which one side has an entry for the other end. */
function* selectedPairs({ tables, traits, pool }: Evaluation): Generator<OpenBlock> {
  for (const table of tables.all("ingress")) {
    for (const [source, incoming] of table.view("first").exceptions) {
      if (incoming === ConnectionPool.none) continue;
      const fromSource = tables.of(source, "egress").view("first");
      for (const destination of table.subjects) {
        const set = pool.intersect(incoming, fromSource.allowed(destination, traits.of(destination, "first")));
        if (set !== ConnectionPool.none) yield pair(source, destination, pool.get(set));
      }
    }
  }
  for (const table of tables.all("egress")) {
    for (const [destination, outgoing] of table.view("first").exceptions) {
      if (outgoing === ConnectionPool.none) continue;
      const toDestination = tables.of(destination, "ingress").view("first");
      for (const source of table.subjects) {
        if (toDestination.exceptions.has(source)) continue;
        const set = pool.intersect(outgoing, toDestination.byTraits(traits.of(source, "first")));
        if (set !== ConnectionPool.none) yield pair(source, destination, pool.get(set));
      }
    }
  }
}

function reaches({ tables, traits }: Evaluation, direction: "egress" | "ingress"): ReadonlyMap<RuleTable, Reach> {
  return new Map([...tables.all(direction)].map((table) => [table, reachOf(table, traits)]));
}

type Reaches = Readonly<Record<"egress" | "ingress", ReadonlyMap<RuleTable, Reach>>>;

function* fromNarrowSources({ tables, traits, pool }: Evaluation, reach: Reaches): Generator<OpenBlock> {
  for (const { table, view, open } of reach.egress.values()) {
    if (open === "wide") continue;
    const sources = withTraits(table.subjects, traits);
    for (const destination of open) {
      if (view.exceptions.has(destination)) continue;
      const outgoing = view.byTraits(traits.of(destination, "first"));
      if (outgoing === ConnectionPool.none) continue;
      const to = reach.ingress.get(tables.of(destination, "ingress"));
      if (to === undefined) continue;
      for (const [source, own] of sources) {
        if (!mayReach(to, source)) continue;
        const both = pool.intersect(outgoing, to.view.byTraits(own));
        if (both !== ConnectionPool.none) yield pair(source, destination, pool.get(both));
      }
    }
  }
}

function* intoNarrowDestinations({ tables, traits, pool }: Evaluation, reach: Reaches): Generator<OpenBlock> {
  for (const { table, view, open } of reach.ingress.values()) {
    if (open === "wide") continue;
    const destinations = withTraits(table.subjects, traits);
    for (const source of open) {
      const from = reach.egress.get(tables.of(source, "egress"));
      if (from?.open !== "wide" || view.exceptions.has(source)) continue;
      const incoming = view.byTraits(traits.of(source, "first"));
      if (incoming === ConnectionPool.none) continue;
      for (const [destination, own] of destinations) {
        if (from.view.exceptions.has(destination)) continue;
        const both = pool.intersect(incoming, from.view.byTraits(own));
        if (both !== ConnectionPool.none) yield pair(source, destination, pool.get(both));
      }
    }
  }
}

/** Whether a table may allow something to a class that it has no entry for. */
function mayReach({ view, open }: Reach, podClass: PodClass): boolean {
  return (open === "wide" || open.has(podClass)) && !view.exceptions.has(podClass);
}

function withTraits(classes: Iterable<PodClass>, traits: Traits): [PodClass, TraitSet][] {
  return [...classes].map((podClass) => [podClass, traits.of(podClass, "first")]);
}

function* betweenWide(evaluation: Evaluation, reach: Reaches): Generator<OpenBlock> {
  const wide = (reaches: Iterable<Reach>): Reach[] => [...reaches].filter(({ open }) => open === "wide");
  const destinations = wide(reach.ingress.values());
  for (const from of wide(reach.egress.values())) {
    for (const to of destinations) {
      if (from.constant !== undefined && to.constant !== undefined) yield* blockOf(evaluation, from, to);
      else yield* pairsOf(evaluation, from, to);
    }
  }
}

/** Both sides allow everyone the same whom they do not select. */
function* blockOf({ pool }: Evaluation, from: Reach, to: Reach): Generator<OpenBlock> {
  const set = pool.intersect(from.constant ?? ConnectionPool.none, to.constant ?? ConnectionPool.none);
  if (set === ConnectionPool.none) return;
  yield {
    sources: [...from.table.subjects],
    destinations: [...to.table.subjects],
    connections: pool.get(set),
    except: selectedBetween(from, to),
  };
}

function* pairsOf({ traits, pool }: Evaluation, from: Reach, to: Reach): Generator<OpenBlock> {
  const others = withTraits(to.table.subjects, traits);
  for (const source of from.table.subjects) {
    if (to.view.exceptions.has(source)) continue;
    const incoming = to.view.byTraits(traits.of(source, "first"));
    if (incoming === ConnectionPool.none) continue;
    for (const [destination, set] of others) {
      if (from.view.exceptions.has(destination)) continue;
      const both = pool.intersect(incoming, from.view.byTraits(set));
      if (both !== ConnectionPool.none) yield pair(source, destination, pool.get(both));
    }
  }
}

/** The pairs of two tables' subjects of which one side has an entry for the other end. */
function selectedBetween(from: Reach, to: Reach): OpenBlock["except"] {
  const selected = new Map<PodClass, Set<PodClass>>();
  const add = (source: PodClass, destination: PodClass): void => {
    const others = selected.get(source);
    if (others === undefined) selected.set(source, new Set([destination]));
    else others.add(destination);
  };
  for (const destination of from.view.exceptions.keys()) {
    if (to.table.subjects.has(destination)) for (const source of from.table.subjects) add(source, destination);
  }
  for (const source of to.view.exceptions.keys()) {
    if (from.table.subjects.has(source)) for (const destination of to.table.subjects) add(source, destination);
  }
  return selected;
}

function pair(source: PodClass, destination: PodClass, connections: ConnectionSet): OpenBlock {
  return { sources: [source], destinations: [destination], connections, except: noPairs };
}
