import type {
  ClusterPolicy,
  LabelSelector,
  NetworkPolicy,
  PodSelection,
  PolicyPeer,
  TierPeer,
  TierRule,
} from "@podwall/engine";
import type { AnyPolicy } from "../last-good.ts";
import { mostParts, partsOfSelector } from "../namespace-parts.ts";

/**
 * More terms than this in one policy are refused: a policy of any use has a few. This is about selectors, which every pod is
 * held against whoever the policy selects; rules and blocks of addresses are the plan's to bound, pod by pod (`Budgets`).
 */
export const mostTerms = 20_000;

/** What stands in for a policy that is too much with others keeps no larger selector of its subjects than this. */
const mostOfSubjects = 100;

const known = new WeakMap<AnyPolicy, AnyPolicy>();

/** A policy, or what stands in for it where it is too large: its subjects are closed. The same for the same policy. */
export function withinBudget<P extends AnyPolicy>(policy: P): P {
  let bounded = known.get(policy);
  if (bounded === undefined) {
    const terms = termsOf(policy);
    const closedBecause = `it has ${terms} terms; at most ${mostTerms} are taken`;
    bounded = terms <= mostTerms ? policy : closed(policy, closedBecause);
    known.set(policy, bounded);
  }
  return bounded as P;
}

/** What stands in for a policy of so many parts that is too much with the others of its namespace. */
export function tooMuchTogether(policy: NetworkPolicy, parts: number): NetworkPolicy {
  const because =
    `the policies of its namespace have more than ${mostParts} parts together: rules, peers, ports, values of selectors and ` +
    `address blocks. The smallest are taken first, and it has ${parts}; delete others, or make them or it smaller`;
  // Why it cannot be used at all comes first.
  return closedPolicy(policy, policy.closedBecause ?? because, mostOfSubjects);
}

function closed(policy: AnyPolicy, closedBecause: string): AnyPolicy {
  return policy.kind === "NetworkPolicy"
    ? closedPolicy(policy, closedBecause, mostTerms)
    : closedTier(policy, closedBecause);
}

function closedPolicy(policy: NetworkPolicy, closedBecause: string, most: number): NetworkPolicy {
  const { kind, namespace, name, directions, podSelector } = policy;
  return {
    kind,
    namespace,
    name,
    directions,
    podSelector: bounded(podSelector, most),
    ingress: [],
    egress: [],
    closedBecause,
  };
}

/** At its tier and priority everything is denied to its subjects, in the directions that it has rules for. */
function closedTier(policy: ClusterPolicy, closedBecause: string): ClusterPolicy {
  const { kind, name, tier, priority, subject } = policy;
  const { podSelector } = subject;
  const rules = (direction: "ingress" | "egress"): readonly TierRule[] => {
    const path = `spec.${direction}`;
    const denyAll: TierRule = { path, action: "Deny", peers: [{ kind: "unknown", path }], ports: [] };
    return policy[direction].length === 0 ? [] : [denyAll];
  };
  return {
    kind,
    name,
    tier,
    priority,
    subject: {
      namespaceSelector: bounded(subject.namespaceSelector, mostTerms),
      ...(podSelector === undefined ? {} : { podSelector: bounded(podSelector, mostTerms) }),
    },
    ingress: rules("ingress"),
    egress: rules("egress"),
    closedBecause,
  };
}

/** A selector, or one of everything where it is too large itself. */
function bounded(selector: LabelSelector, most: number): LabelSelector {
  return partsOfSelector(selector) > most ? { requirements: [] } : selector;
}

/** What a policy says of pods: each selector with each port, and each value of a selector, is a term. */
export function termsOf(policy: AnyPolicy): number {
  const rules: readonly Rule[] = [...policy.ingress, ...policy.egress];
  const subject =
    policy.kind === "NetworkPolicy" ? partsOfSelector(policy.podSelector) : sizeOfSelection(policy.subject);
  return rules.reduce((sum, rule) => sum + termsOfRule(rule), subject);
}

interface Rule {
  readonly peers: readonly (PolicyPeer | TierPeer)[];
  readonly ports: readonly unknown[];
}

function termsOfRule({ peers, ports }: Rule): number {
  let size = 0;
  for (const peer of peers) size += sizeOfPeer(peer);
  return Math.max(1, size) * Math.max(1, ports.length);
}

function sizeOfPeer(peer: PolicyPeer | TierPeer): number {
  switch (peer.kind) {
    case "pods":
    case "selected-pods":
      return 1 + sizeOfSelection(peer);
    case "nodes":
      return 1 + partsOfSelector(peer.nodeSelector);
    default:
      return 0;
  }
}

function sizeOfSelection({ podSelector, namespaceSelector }: Partial<PodSelection>): number {
  return partsOfSelector(podSelector) + partsOfSelector(namespaceSelector);
}
