import type { ClusterPolicy } from "../../model/cluster-policy.ts";
import type { Direction } from "../../model/network-policy.ts";
import { comparePrecedence } from "../tier-rules.ts";
import type { AppliedRule } from "./bound-rule.ts";
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
  const tiers: Record<ClusterPolicy["tier"], ClusterPolicyUse[]> = { Admin: [], Baseline: [] };
  const allowing: AppliedRule[] = [];
  let isolated = false;
  for (const use of uses) {
    const { policy } = use;
    if (policy.kind !== "NetworkPolicy") {
      if (use.rules[direction].length > 0) tiers[policy.tier].push({ policy, use });
    } else if (policy.directions.includes(direction)) {
      isolated = true;
      for (const rule of use.rules[direction]) allowing.push(binder.apply(rule, direction, subject));
    }
  }
  const rules: AppliedRule[] = [];
  const addTier = (tier: ClusterPolicyUse[]): void => {
    if (tier.length > 1) tier.sort((a, b) => comparePrecedence(a.policy, b.policy));
    for (const { use } of tier) {
      for (const rule of use.rules[direction]) rules.push(binder.apply(rule, direction, subject));
    }
  };
  addTier(tiers.Admin);
  // They add up, so their order means nothing and one that is given twice counts once.
  if (allowing.length > 1) allowing.sort((a, b) => a.rule.id - b.rule.id);
  for (let index = 0; index < allowing.length; index++) {
    const applied = allowing[index] as AppliedRule;
    if (applied.rule !== rules.at(-1)?.rule) rules.push(applied);
  }
  addTier(tiers.Baseline);
  let key = isolated ? "isolated" : "";
  for (let index = 0; index < rules.length; index++) {
    const { rule, connections, named } = rules[index] as AppliedRule;
    key += named.length > 0 ? ` ${rule.id}` : ` ${rule.id}:${connections}`;
  }
  return { key, rules, isolated };
}

interface ClusterPolicyUse {
  readonly policy: ClusterPolicy;
  readonly use: PolicyUse;
}
