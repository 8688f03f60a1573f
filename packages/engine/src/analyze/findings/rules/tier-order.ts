import type { ClusterPolicy, Tier } from "../../../model/cluster-policy.ts";
import type { Direction } from "../../../model/network-policy.ts";
import type { LabelSelector } from "../../../model/selector.ts";
import { type Cidr, cidrContains } from "../../../net/cidr.ts";
import { type ConnectionSet, intersect, isEmpty, portsOf, union } from "../../../net/connection-set.ts";
import { allPorts } from "../../../net/port-set.ts";
import { type Predicate, podPredicate, predicatesOf } from "../../../rules/predicate.ts";
import { type RuleSpec, clusterPolicyRules } from "../../../rules/rule-spec.ts";
import { diagnostic } from "../../../source/catalogue.ts";
import type { Diagnostic } from "../../../source/diagnostic.ts";
import type { SourceRange } from "../../../source/source-file.ts";
import { ruleCovers, selectorCovers } from "../covers.ts";
import type { FindingInput } from "../input.ts";
import { placesOf } from "../words.ts";

/** Rules of a tier that earlier ones leave nothing, and policies of one priority that disagree. */
export function* tierOrder(input: FindingInput): Iterable<Diagnostic> {
  const policies = input.cluster.clusterPolicies.filter(({ closedBecause }) => closedBecause === undefined);
  for (const tier of ["Admin", "Baseline"] as const) {
    for (const direction of ["ingress", "egress"] as const) {
      const rules = rulesOf(policies, tier, direction);
      yield* deadRules(rules, direction);
      yield* samePriority(input, rules, direction);
    }
  }
}

/** A rule of a tier as it is judged; what fails closed behind it is left out, as that is nobody's to mend. */
export interface PlacedSpec {
  readonly policy: ClusterPolicy;
  /** Which of the policy's rules. */
  readonly index: number;
  readonly spec: RuleSpec;
}

/** The rules of a tier in one direction, in order. */
export function rulesOf(policies: readonly ClusterPolicy[], tier: Tier, direction: Direction): readonly PlacedSpec[] {
  return policies
    .filter((policy) => policy.tier === tier)
    .sort((a, b) => a.priority - b.priority)
    .flatMap((policy) =>
      policy[direction].flatMap((rule, index) => {
        const [spec] = clusterPolicyRules({ ...policy, [direction]: [rule] }, direction);
        const isClear = rule.peers.every((peer) => predicatesOf(peer).length > 0);
        return spec === undefined || !isClear ? [] : [{ policy, index, spec }];
      }),
    );
}

function placeOf(
  { policy, index, spec }: PlacedSpec,
  direction: Direction,
): { text: string; range: SourceRange | undefined } {
  const rule = policy[direction][index];
  const name = rule?.name === undefined ? "" : ` "${rule.name}"`;
  return {
    text: `${policy.kind} ${policy.name}, ${rule?.path}${name} (${spec.action})`,
    range: rule?.range ?? policy.range,
  };
}

function* deadRules(rules: readonly PlacedSpec[], direction: Direction): Iterable<Diagnostic> {
  for (const { dead, by } of findDeadRules(rules)) {
    const place = placeOf(dead, direction);
    const earlier = placeOf(by, direction);
    const isSame = dead.spec.action === by.spec.action;
    yield diagnostic(
      "PW3030",
      `${dead.policy[direction][dead.index]?.path}: this ${dead.spec.action} is never reached: ${earlier.text} comes first and matches all of it`,
      {
        range: place.range,
        severity: isSame ? "info" : "warning",
        related: placesOf({ message: "the earlier rule", range: earlier.range }),
        help: isSame ? "remove it" : "put it before the other, or give its policy a lower priority number",
      },
    );
  }
}

/** Rules all of whose connections one earlier rule matches, for all subjects, whatever pods there are. */
export function findDeadRules(
  rules: readonly PlacedSpec[],
): readonly { readonly dead: PlacedSpec; readonly by: PlacedSpec }[] {
  if (rules.length > mostRules) return [];
  return rules.flatMap((dead, at) => {
    const by = rules.slice(0, at).find((earlier) => isBefore(earlier, dead) && covers(earlier, dead));
    return by === undefined ? [] : [{ dead, by }];
  });
}

/** Every rule is held against all before it. */
const mostRules = 2000;

/** Which of two policies of one priority comes first is nobody's promise. */
function isBefore(earlier: PlacedSpec, later: PlacedSpec): boolean {
  return earlier.policy === later.policy
    ? earlier.index < later.index
    : earlier.policy.priority < later.policy.priority;
}

function covers(earlier: PlacedSpec, later: PlacedSpec): boolean {
  if (earlier.policy !== later.policy) {
    const [outer, inner] = [earlier.policy.subject, later.policy.subject];
    if (!selectorCovers(outer.namespaceSelector, inner.namespaceSelector)) return false;
    if (!selectorCovers(outer.podSelector ?? everything, inner.podSelector ?? everything)) return false;
  }
  return ruleCovers(earlier.spec, later.spec);
}

const everything: LabelSelector = { requirements: [] };

function* samePriority(input: FindingInput, rules: readonly PlacedSpec[], direction: Direction): Iterable<Diagnostic> {
  const said = new Set<string>();
  const byPriority = new Map<number, PlacedSpec[]>();
  for (const placed of rules) {
    const others = byPriority.get(placed.policy.priority) ?? [];
    byPriority.set(placed.policy.priority, others);
    for (const other of others.slice(0, mostRules)) {
      const pair = `${other.policy.name} ${placed.policy.name}`;
      if (other.policy === placed.policy || said.has(pair) || !disagree(input, other, placed)) continue;
      said.add(pair);
      const [first, second] = [placeOf(other, direction), placeOf(placed, direction)];
      yield diagnostic(
        "PW3029",
        `spec.priority: ${placed.policy.priority} is also that of ${other.policy.kind} ${other.policy.name}, and ${first.text} and ${second.text} are about the same connections`,
        {
          range: second.range,
          related: placesOf({ message: "the other rule", range: first.range }),
          help: "give one of the two another priority; the lower number comes first",
        },
      );
    }
    others.push(placed);
  }
}

/** Whether two rules decide otherwise about something that both match. */
function disagree(input: FindingInput, a: PlacedSpec, b: PlacedSpec): boolean {
  return (
    a.spec.action !== b.spec.action &&
    !isEmpty(intersect(mostOf(a.spec), mostOf(b.spec))) &&
    haveCommonSubject(input, a.policy, b.policy) &&
    (a.spec.peers ?? []).some((one) => (b.spec.peers ?? []).some((other) => haveCommonPeer(input, one, other)))
  );
}

function mostOf({ ports, named }: RuleSpec): ConnectionSet {
  return named.map(({ protocol }) => portsOf(protocol, allPorts)).reduce(union, ports);
}

function haveCommonSubject(input: FindingInput, { subject: a }: ClusterPolicy, { subject: b }: ClusterPolicy): boolean {
  return overlap(
    input,
    podPredicate(a.namespaceSelector, a.podSelector),
    podPredicate(b.namespaceSelector, b.podSelector),
  );
}

function haveCommonPeer(input: FindingInput, a: Predicate, b: Predicate): boolean {
  if (a.key === b.key) return true;
  if (a.kind === "pods" && b.kind === "pods") return overlap(input, a, b);
  return a.kind === "block" && b.kind === "block" && overlaps(a.cidr, b.cidr);
}

/** Blocks are nested or disjoint. */
function overlaps(a: Cidr, b: Cidr): boolean {
  return cidrContains(a, b.first) || cidrContains(b, a.first);
}

/** Whether two selections have a pod of the input in common, or one holds the other in every cluster. */
function overlap(
  input: FindingInput,
  a: Extract<Predicate, { kind: "pods" }>,
  b: Extract<Predicate, { kind: "pods" }>,
): boolean {
  if (a.key === b.key) return true;
  if (typeof a.namespace !== "string" && typeof b.namespace !== "string") {
    const [an, bn] = [a.namespace, b.namespace];
    if (selectorCovers(an, bn) && selectorCovers(a.pods, b.pods)) return true;
    if (selectorCovers(bn, an) && selectorCovers(b.pods, a.pods)) return true;
  }
  const own = new Set(input.podsOf(a));
  for (const pod of input.podsOf(b)) if (own.has(pod)) return true;
  return false;
}
