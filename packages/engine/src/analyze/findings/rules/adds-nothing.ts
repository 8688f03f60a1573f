import type { Direction, NetworkPolicy } from "../../../model/network-policy.ts";
import { type RuleSpec, policyRules } from "../../../rules/rule-spec.ts";
import { diagnostic } from "../../../source/catalogue.ts";
import type { Diagnostic } from "../../../source/diagnostic.ts";
import { requirementsOf, ruleCovers, selectorCovers } from "../covers.ts";
import type { FindingInput } from "../input.ts";
import { nameRange, placesOf, policyText } from "../words.ts";

/** Policies and rules without which every verdict would be the same, whatever pods there are. */
export function* addsNothing({ cluster, policies }: FindingInput): Iterable<Diagnostic> {
  const needless = needlessPolicies(cluster.policies);
  for (const policy of policies) {
    const by = needless.get(policy);
    if (by === undefined) yield* needlessRules(policy);
    else yield policyFinding(policy, by);
  }
}

/**
 * Policies that others cover, with one of these. All of them can be taken away together. A policy without rules for all
 * pods is the default of its namespace and never needless, but for a second one.
 */
export function needlessPolicies(policies: readonly NetworkPolicy[]): ReadonlyMap<NetworkPolicy, NetworkPolicy> {
  const kept = new Map<string, Set<NetworkPolicy>>();
  const indexed = (policy: NetworkPolicy): string => indexKey(policy.namespace, formatted(policy)[0]);
  for (const policy of policies) {
    if (policy.closedBecause !== undefined) continue;
    const others = kept.get(indexed(policy));
    if (others === undefined) kept.set(indexed(policy), new Set([policy]));
    else others.add(policy);
  }
  const needless = new Map<NetworkPolicy, NetworkPolicy>();
  // The later of two equal ones is the one too many.
  for (const policy of policies.toReversed()) {
    if (policy.closedBecause !== undefined) continue;
    const keys = new Set([undefined, ...formatted(policy)].map((key) => indexKey(policy.namespace, key)));
    const others = [...keys]
      .flatMap((key) => [...(kept.get(key) ?? [])])
      .filter((other) => other !== policy && selectorCovers(other.podSelector, policy.podSelector));
    const by = coveredBy(policy, isDefault(policy) ? others.filter(isDefault) : others);
    if (by === undefined) continue;
    needless.set(policy, by);
    kept.get(indexed(policy))?.delete(policy);
  }
  return needless;
}

function indexKey(namespace: string, requirement: string | undefined): string {
  return `${namespace} ${requirement ?? ""}`;
}

function formatted({ podSelector }: NetworkPolicy): readonly string[] {
  return [...requirementsOf(podSelector)].sort();
}

function isDefault({ podSelector, ingress, egress }: NetworkPolicy): boolean {
  return podSelector.requirements.length === 0 && ingress.length === 0 && egress.length === 0;
}

/** One of the policies that cover a policy, in each of its directions: somebody isolates, and has each of its rules. */
function coveredBy(policy: NetworkPolicy, others: readonly NetworkPolicy[]): NetworkPolicy | undefined {
  let by: NetworkPolicy | undefined;
  for (const direction of policy.directions) {
    const isolating = others.filter(({ directions }) => directions.includes(direction));
    // Most policies stand beside one without rules, the default of the namespace.
    if (policy[direction].length > 0 && isolating.every((other) => other[direction].length === 0)) return undefined;
    const rules = rulesOf(policy, direction);
    const owners = rules.map((rule) =>
      isolating.find((other) => rulesOf(other, direction).some((own) => ruleCovers(own, rule))),
    );
    const owner = rules.length === 0 ? isolating[0] : owners[0];
    if (owner === undefined || owners.includes(undefined)) return undefined;
    by ??= owner;
  }
  return by;
}

const specs = new WeakMap<NetworkPolicy, Partial<Record<Direction, readonly RuleSpec[]>>>();

function rulesOf(policy: NetworkPolicy, direction: Direction): readonly RuleSpec[] {
  const known = specs.get(policy) ?? {};
  const rules = known[direction] ?? policyRules(policy, direction);
  specs.set(policy, { ...known, [direction]: rules });
  return rules;
}

function policyFinding(policy: NetworkPolicy, by: NetworkPolicy): Diagnostic {
  const isSame =
    selectorCovers(policy.podSelector, by.podSelector) &&
    policy.directions.length === by.directions.length &&
    policy.directions.every((direction) => {
      const [own, other] = [rulesOf(policy, direction), rulesOf(by, direction)];
      return other.every((rule) => own.some((one) => ruleCovers(one, rule)));
    });
  const message = isSame
    ? `${policyText(policy)} says the same as ${policyText(by)}`
    : `${policyText(policy)} changes nothing: what it isolates and allows, ${policyText(by)} does already`;
  return diagnostic("PW3022", message, {
    range: nameRange(policy),
    severity: isSame ? "warning" : "info",
    related: placesOf({ message: `${policyText(by)} is here`, range: nameRange(by) }),
    help: isSame ? "remove one of the two" : "remove it, or make the other one narrower if this is what was meant",
  });
}

function* needlessRules(policy: NetworkPolicy): Iterable<Diagnostic> {
  for (const direction of policy.directions) {
    for (const [index, by] of needlessRulesOf(policy, direction)) {
      const rule = policy[direction][index];
      const other = policy[direction][by];
      if (rule === undefined || other === undefined) continue;
      yield diagnostic("PW3023", `${rule.path}: ${other.path} allows all of this already`, {
        range: rule.range,
        related: placesOf({ message: "the rule that covers it", range: other.range }),
        help: "remove it, or make the other one narrower if this is what was meant",
      });
    }
  }
}

/** Every rule is held against every other; policies with more rules are generated, and nobody reads them. */
const mostRules = 300;

/** The rules of a policy that another of its rules covers, by number. All of them can be taken away together. */
export function needlessRulesOf(policy: NetworkPolicy, direction: Direction): ReadonlyMap<number, number> {
  const needless = new Map<number, number>();
  const count = policy[direction].length;
  if (count < 2 || count > mostRules) return needless;
  const rules = rulesOf(policy, direction);
  for (let index = rules.length - 1; index >= 0; index--) {
    const rule = rules[index] as RuleSpec;
    const by = rules.findIndex((other, at) => at !== index && !needless.has(at) && ruleCovers(other, rule));
    if (by >= 0) needless.set(index, by);
  }
  return needless;
}
