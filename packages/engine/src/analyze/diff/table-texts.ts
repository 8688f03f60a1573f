import type { Direction } from "../../model/network-policy.ts";
import { formatConnections } from "../../net/connection-set.ts";
import type { AppliedRule } from "../../evaluate/fast/bound-rule.ts";
import type { FastEvaluator } from "../../evaluate/fast/fast-evaluator.ts";
import type { PodClass } from "../../evaluate/fast/pod-class.ts";
import type { RuleTable } from "../../evaluate/fast/rule-table.ts";

/**
 * What judges classes, as texts that can be compared between evaluators: equal texts say the same of every end of which
 * nothing changed.
 */
export class TableTexts {
  readonly #evaluator: FastEvaluator;
  readonly #texts = new Map<RuleTable, string>();

  constructor(evaluator: FastEvaluator) {
    this.#evaluator = evaluator;
  }

  of(podClass: PodClass, direction: Direction): string {
    const table = this.#evaluator.tableOf(podClass, direction);
    const known = this.#texts.get(table);
    if (known !== undefined) return known;
    const text = this.#textOf(table);
    this.#texts.set(table, text);
    return text;
  }

  /** Rules of NetworkPolicies add up in any order; those of tiers are asked one after the other. */
  #textOf({ rules, isolates }: RuleTable): string {
    const allowing = rules
      .filter(({ rule }) => rule.spec.stage === "NetworkPolicy")
      .map((rule) => this.#ruleText(rule));
    const tiers = rules.filter(({ rule }) => rule.spec.stage !== "NetworkPolicy").map((rule) => this.#ruleText(rule));
    return JSON.stringify([isolates, allowing.sort(), tiers]);
  }

  #ruleText({ rule, connections, named }: AppliedRule): string {
    if (rule.spec.named.length === 0 || named.length > 0) return rule.spec.key;
    // Names that were resolved at the subject.
    return `${rule.spec.key} = ${formatConnections(this.#evaluator.setOf(connections))}`;
  }
}
