import { ConnectionPool } from "./connection-pool.ts";
import type { RuleTable } from "./rule-table.ts";
import type { TableView } from "./table-view.ts";
import type { TraitSet, Traits } from "./traits.ts";

/** How far a table reaches by traits alone. */
export interface Reach {
  readonly table: RuleTable;
  readonly view: TableView;
  /** What is allowed for each set of traits for which something is; "wide" where that is most of the cluster. */
  readonly open: readonly (readonly [TraitSet, number])[] | "wide";
  /** What is allowed whatever the traits, where that is so. */
  readonly constant?: number;
}

/** A table that may allow something to this share of all classes is wide. */
const wideFrom = 0.25;

export function reachOf(table: RuleTable, traits: Traits): Reach {
  const view = table.view("first");
  const numbers = askedNumbers(table);
  if (!table.isolates || asksEveryone(table)) {
    const asksNothing = numbers.size === 0 && table.rules.every(({ named }) => named.length === 0);
    const [any] = traits.groups.keys();
    return { table, view, open: "wide", ...(asksNothing && any !== undefined && { constant: view.byTraits(any) }) };
  }
  const sets = new Set([...numbers].flatMap((number) => [...traits.holding(number)]));
  let classes = 0;
  for (const set of sets) classes += traits.groups.get(set)?.size ?? 0;
  if (classes > traits.count * wideFrom) return { table, view, open: "wide" };
  const open = [...sets].map((set) => [set, view.byTraits(set)] as const);
  return { table, view, open: open.filter(([, allowed]) => allowed !== ConnectionPool.none) };
}

/** The questions that a table's rules ask of traits. Others hold for classes by name. */
function askedNumbers({ rules }: RuleTable): Set<number> {
  return new Set(
    rules.flatMap(({ rule: { peers } }) => [
      ...(peers?.pods ?? []).filter(({ isBroad }) => isBroad).map(({ number }) => number),
      ...(peers?.addresses ?? []).map(({ number }) => number),
    ]),
  );
}

function asksEveryone({ rules }: RuleTable): boolean {
  return rules.some(({ rule }) => rule.peers === undefined);
}
