import type { LabelSelector, NetworkPolicy, PolicyPeer, PolicyRule } from "@podwall/engine";

/**
 * More terms than this in one policy are refused: a policy of any use has a few. This is about selectors, which every pod is
 * held against whoever the policy selects; rules and blocks of addresses are the plan's to bound, pod by pod (`Budgets`).
 */
export const mostTerms = 20_000;

const known = new WeakMap<NetworkPolicy, NetworkPolicy>();

/** A policy, or what stands in for it where it is too large: its subjects are closed. The same for the same policy. */
export function withinBudget(policy: NetworkPolicy): NetworkPolicy {
  let bounded = known.get(policy);
  if (bounded === undefined) known.set(policy, (bounded = bound(policy)));
  return bounded;
}

function bound(policy: NetworkPolicy): NetworkPolicy {
  const terms = termsOf(policy);
  if (terms <= mostTerms) return policy;
  const { kind, namespace, name, directions } = policy;
  const closedBecause = `it has ${terms} terms; at most ${mostTerms} are taken`;
  const everyPod = sizeOf(policy.podSelector) > mostTerms;
  const podSelector = everyPod ? { requirements: [] } : policy.podSelector;
  return { kind, namespace, name, directions, podSelector, ingress: [], egress: [], closedBecause };
}

/** What a policy says of pods: each selector with each port, and each value of a selector, is a term. */
export function termsOf({ podSelector, ingress, egress }: NetworkPolicy): number {
  return [...ingress, ...egress].reduce((sum, rule) => sum + termsOfRule(rule), sizeOf(podSelector));
}

function termsOfRule({ peers, ports }: PolicyRule): number {
  const size = peers.reduce((sum, peer) => sum + sizeOfPeer(peer), 0);
  return Math.max(1, size) * Math.max(1, ports.length);
}

function sizeOfPeer(peer: PolicyPeer): number {
  if (peer.kind === "ipBlock") return 0;
  return 1 + sizeOf(peer.podSelector) + sizeOf(peer.namespaceSelector);
}

function sizeOf(selector: LabelSelector | undefined): number {
  return (selector?.requirements ?? []).reduce((sum, { values }) => sum + Math.max(1, values.length), 0);
}
