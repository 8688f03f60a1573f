import type { ClusterPolicy } from "../../model/cluster-policy.ts";
import type { Direction } from "../../model/network-policy.ts";
import { comparePrecedence } from "../tier-rules.ts";
import type { AppliedRule, BoundRule } from "./bound-rule.ts";
import type { PodClass } from "./pod-class.ts";
import type { PolicyUse } from "./policy-use.ts";
import type { RuleBinder } from "./rule-binder.ts";

/** The rules that judge a subject in a direction, in order: the Admin tier's, NetworkPolicies', the Baseline tier's. */
export interface AppliedRules {
  /** One text for each list. */
  readonly key: string;
  readonly rules: readonly AppliedRule[];
  /** Whether a NetworkPolicy isolates the subject. */
  readonly isolated: boolean;
}

/** The rules of policies as they judge a subject. */
export function appliedRules(
  uses: Iterable<PolicyUse>,
  direction: Direction,
  subject: PodClass,
  binder: RuleBinder,
): AppliedRules {
  let tiers: ClusterPolicyUse[] | undefined;
  const allowing: AppliedRule[] = [];
  let isolated = false;
  let isInOrder = true;
  for (const use of uses) {
    const { policy } = use;
    const own = use.rules[direction];
    if (policy.kind !== "NetworkPolicy") {
      if (own.length > 0) (tiers ??= []).push({ policy, rules: own });
    } else if (policy.directions.includes(direction)) {
      isolated = true;
      for (let index = 0; index < own.length; index++) {
        const applied = binder.apply(own[index] as BoundRule, direction, subject);
        if (allowing.length > 0 && (allowing[allowing.length - 1] as AppliedRule).rule.id >= applied.rule.id) {
          isInOrder = false;
        }
        allowing.push(applied);
      }
    }
  }
  // They add up, so their order means nothing and one that is given twice counts once.
  const policies = isInOrder ? allowing : inOrder(allowing);
  const apply = (rule: BoundRule): AppliedRule => binder.apply(rule, direction, subject);
  const rules =
    tiers === undefined
      ? policies
      : [...rulesOf("Admin", tiers).map(apply), ...policies, ...rulesOf("Baseline", tiers).map(apply)];
  let key = isolated ? "isolated" : "";
  for (let index = 0; index < rules.length; index++) {
    const { rule, connections, named } = rules[index] as AppliedRule;
    key += named.length > 0 ? ` ${rule.id}` : ` ${rule.id}:${connections}`;
  }
  return { key, rules, isolated };
}

function inOrder(rules: AppliedRule[]): AppliedRule[] {
  rules.sort((a, b) => a.rule.id - b.rule.id);
  return rules.filter(({ rule }, index) => rule !== rules[index - 1]?.rule);
}

function rulesOf(tier: ClusterPolicy["tier"], uses: readonly ClusterPolicyUse[]): readonly BoundRule[] {
  const own = uses.filter(({ policy }) => policy.tier === tier);
  return own.sort((a, b) => comparePrecedence(a.policy, b.policy)).flatMap(({ rules }) => rules);
}

/** What a policy of the whole cluster says in one direction. */
interface ClusterPolicyUse {
  readonly policy: ClusterPolicy;
  readonly rules: readonly BoundRule[];
}
