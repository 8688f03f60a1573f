import { type ConnectionSet, subtract } from "../net/connection-set.ts";
import { protocols } from "../net/protocol.ts";
import type { Budgets } from "./budgets.ts";
import type { Sample } from "./identify.ts";
import type { Judge } from "./judges.ts";
import type { RuleSet } from "./node-plan.ts";

/** The rule sets that a node can keep, and why it cannot keep the others, by key. */
export interface BuiltRuleSets {
  readonly ruleSets: Map<string, RuleSet>;
  readonly refused: ReadonlyMap<string, string>;
}

/** Works out what judges allow everybody there is. Where that is too much in sum, the largest are refused. */
export function buildRuleSets(
  judges: Iterable<Judge>,
  samples: ReadonlyMap<string, Sample>,
  budgets: Budgets,
): BuiltRuleSets {
  const ruleSets = new Map<string, RuleSet>();
  const refused = new Map<string, string>();
  const sizes = new Map<string, number>();
  let total = 0;
  const refuse = (key: string, because: string): void => {
    total -= sizes.get(key) ?? 0;
    sizes.delete(key);
    ruleSets.delete(key);
    refused.set(key, because);
  };
  for (const judge of judges) {
    const built = ruleSetOf(judge, samples, budgets.elementsPerRuleSet);
    if (built === undefined) {
      refuse(judge.key, `a rule set of its needs more than ${budgets.elementsPerRuleSet} elements`);
      continue;
    }
    ruleSets.set(judge.key, built.ruleSet);
    sizes.set(judge.key, built.elements);
    total += built.elements;
    while (total > budgets.elementsPerNode) {
      refuse(largest(sizes), `the rule sets of this node need more than ${budgets.elementsPerNode} elements`);
    }
    if (ruleSets.size > budgets.ruleSetsPerNode) {
      refuse(largest(sizes), `this node needs more than ${budgets.ruleSetsPerNode} rule sets`);
    }
  }
  return { ruleSets, refused };
}

function largest(sizes: ReadonlyMap<string, number>): string {
  return [...sizes].reduce((a, b) => (b[1] > a[1] ? b : a))[0];
}

/** Undefined where it takes too many elements. */
function ruleSetOf(
  { key, traffic, common, allowed }: Judge,
  samples: ReadonlyMap<string, Sample>,
  limit: number,
): { readonly ruleSet: RuleSet; readonly elements: number } | undefined {
  const byIdentity = new Map<string, ConnectionSet>();
  const counted = new Map<ConnectionSet, number>();
  let elements = 0;
  for (const [identity, sample] of samples) {
    const set = allowed(sample);
    if (set === undefined) continue;
    byIdentity.set(identity, set);
    const count = counted.get(set) ?? elementsOf(set, common);
    counted.set(set, count);
    elements += count;
    if (elements > limit) return undefined;
  }
  return { ruleSet: { key, traffic, common, byIdentity }, elements };
}

/** How many entries an identity takes that is allowed this: at least one, as it is kept at all. */
function elementsOf(allowed: ConnectionSet, common: ConnectionSet): number {
  const extra = subtract(allowed, common);
  return Math.max(
    1,
    protocols.reduce((sum, protocol) => sum + extra[protocol].length, extra.other ? 1 : 0),
  );
}
