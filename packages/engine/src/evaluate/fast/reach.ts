import { ConnectionPool } from "./connection-pool.ts";
import type { PodClass } from "./pod-class.ts";
import type { RuleTable } from "./rule-table.ts";
import type { TableView } from "./table-view.ts";
import type { Traits } from "./traits.ts";

/** How far a table reaches by traits alone. */
export interface Reach {
  readonly table: RuleTable;
  readonly view: TableView;
  /** The classes to which something may be allowed, exceptions apart; "wide" where that is much of the cluster. */
  readonly open: ReadonlySet<PodClass> | "wide";
  /** What is allowed whatever the traits, where that is so. */
  readonly constant?: number;
}

/** A table that may allow something to this share of all classes is wide. */
const wideFrom = 0.25;

export function reachOf(table: RuleTable, traits: Traits): Reach {
  const view = table.view("first");
  const { addresses, broad, ports } = view.asked;
  const isConstant = addresses.length + broad.length === 0 && !ports;
  if (isConstant) {
    const [any] = traits.classes;
    const constant = any === undefined ? ConnectionPool.none : view.byTraits(traits.of(any, "first"));
    return constant === ConnectionPool.none
      ? { table, view, open: new Set(), constant }
      : { table, view, open: "wide", constant };
  }
  // An isolated pod's connection passes only where some rule accepts it; what others deny or pass opens nothing.
  const accepting = table.rules.filter(({ rule: { spec } }) => spec.action === "Accept" && spec.stage !== "Baseline");
  if (!table.isolates || accepting.some(({ rule }) => rule.peers === undefined)) return { table, view, open: "wide" };
  const open = classesAsked({ rules: accepting }, traits);
  return { table, view, open: open.size > traits.count * wideFrom ? "wide" : open };
}

/** The classes for which something that a table's rules ask of traits holds. */
export function classesAsked({ rules }: Pick<RuleTable, "rules">, traits: Traits): ReadonlySet<PodClass> {
  const classes = new Set<PodClass>();
  for (const { rule } of rules) {
    for (const question of rule.peers?.pods ?? []) {
      if (question.isBroad) for (const podClass of question.members) classes.add(podClass);
    }
    for (const { number } of rule.peers?.addresses ?? []) {
      for (const podClass of traits.holding(number)) classes.add(podClass);
    }
  }
  return classes;
}
