import type { PodClass } from "./pod-class.ts";
import type { RuleTable } from "./rule-table.ts";
import type { Traits } from "./traits.ts";

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
