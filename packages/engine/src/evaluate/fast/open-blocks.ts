import type { ConnectionSet } from "../../net/connection-set.ts";
import { ConnectionPool } from "./connection-pool.ts";
import type { PodClass } from "./pod-class.ts";
import type { RuleTables } from "./rule-tables.ts";
import type { TableView } from "./table-view.ts";
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

/**
 * Every ordered pair of classes that may exchange something, once. First the pairs of which a rule of one side names the
 * other end, so that it takes as long as there are such pairs; then the rest, where traits alone decide, in blocks of all
 * classes that both sides judge alike.
 */
export function* openBlocks(tables: RuleTables, traits: Traits, pool: ConnectionPool): Generator<OpenBlock> {
  tables.settle();
  for (const table of tables.all("ingress")) {
    for (const [source, incoming] of table.view("first").exceptions) {
      if (incoming === ConnectionPool.none) continue;
      const fromSource = tables.of(source, "egress").view("first");
      for (const destination of table.subjects) {
        const set = pool.intersect(incoming, fromSource.allowed(destination, traits.of(destination, "first")));
        if (set === ConnectionPool.none) continue;
        yield { sources: [source], destinations: [destination], connections: pool.get(set), except: noPairs };
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
        if (set === ConnectionPool.none) continue;
        yield { sources: [source], destinations: [destination], connections: pool.get(set), except: noPairs };
      }
    }
  }
  yield* blocksByTraits(tables, traits, pool);
}

/** Classes of one set of traits, whose rules treat other sets alike. */
interface Group {
  readonly traits: TraitSet;
  /** What is allowed to or from other sets of traits; those to which nothing is are left out. */
  readonly open: ReadonlyMap<TraitSet, number>;
  readonly classes: { readonly podClass: PodClass; readonly view: TableView }[];
}

function* blocksByTraits(tables: RuleTables, traits: Traits, pool: ConnectionPool): Generator<OpenBlock> {
  const sources = groupsOf(tables, traits, "egress");
  const byTraits = new Map<TraitSet, Group[]>();
  for (const group of groupsOf(tables, traits, "ingress")) {
    const others = byTraits.get(group.traits);
    if (others === undefined) byTraits.set(group.traits, [group]);
    else others.push(group);
  }
  for (const from of sources) {
    for (const [set, outgoing] of from.open) {
      for (const to of byTraits.get(set) ?? []) {
        const incoming = to.open.get(from.traits);
        if (incoming === undefined) continue;
        const connections = pool.intersect(outgoing, incoming);
        if (connections === ConnectionPool.none) continue;
        yield {
          sources: from.classes.map(({ podClass }) => podClass),
          destinations: to.classes.map(({ podClass }) => podClass),
          connections: pool.get(connections),
          except: namedPairs(from, to),
        };
      }
    }
  }
}

function groupsOf(tables: RuleTables, traits: Traits, direction: "egress" | "ingress"): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const table of tables.all(direction)) {
    const view = table.view("first");
    const open = new Map<TraitSet, number>();
    for (const set of traits.groups.keys()) {
      const allowed = view.byTraits(set);
      if (allowed !== ConnectionPool.none) open.set(set, allowed);
    }
    if (open.size === 0) continue;
    const openKey = [...open].map(([set, allowed]) => `${set.id}:${allowed}`).join(" ");
    for (const podClass of table.subjects) {
      const own = traits.of(podClass, "first");
      const key = `${own.id} ${openKey}`;
      const group = groups.get(key) ?? { traits: own, open, classes: [] };
      group.classes.push({ podClass, view });
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

/** The pairs of two groups of which a rule names the other end: what traits say does not count for them. */
function namedPairs(from: Group, to: Group): OpenBlock["except"] {
  const named = new Map<PodClass, Set<PodClass>>();
  const add = (source: PodClass, destination: PodClass): void => {
    const others = named.get(source);
    if (others === undefined) named.set(source, new Set([destination]));
    else others.add(destination);
  };
  const sources = new Set(from.classes.map(({ podClass }) => podClass));
  const destinations = new Set(to.classes.map(({ podClass }) => podClass));
  for (const { podClass: source, view } of from.classes) {
    for (const destination of view.exceptions.keys()) if (destinations.has(destination)) add(source, destination);
  }
  for (const { podClass: destination, view } of to.classes) {
    for (const source of view.exceptions.keys()) if (sources.has(source)) add(source, destination);
  }
  return named;
}
