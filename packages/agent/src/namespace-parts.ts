import type { LabelSelector, NetworkPolicy, PolicyPeer, PolicyRule } from "@podwall/engine";

/**
 * So much of the policies of one namespace is kept, in parts: whoever may write policies in it, of whatever number and size, must
 * not be able to fill every agent's memory. A part takes some 700 bytes at most (a block of addresses), a value of a selector 40.
 */
export const mostParts = 100_000;

/** What a policy says, counted: itself, and each rule, peer, port, value of a selector and block of addresses. */
export function partsOf({ podSelector, ingress, egress }: NetworkPolicy): number {
  return [...ingress, ...egress].reduce((sum, rule) => sum + partsOfRule(rule), 1 + partsOfSelector(podSelector));
}

function partsOfRule({ peers, ports }: PolicyRule): number {
  return peers.reduce((sum, peer) => sum + partsOfPeer(peer), 1 + ports.length);
}

function partsOfPeer(peer: PolicyPeer): number {
  if (peer.kind === "ipBlock") return 1 + peer.except.length;
  return 1 + partsOfSelector(peer.podSelector) + partsOfSelector(peer.namespaceSelector);
}

/** Each value of it, and each requirement without one. */
export function partsOfSelector(selector: LabelSelector | undefined): number {
  return (selector?.requirements ?? []).reduce((sum, { values }) => sum + Math.max(1, values.length), 0);
}

/**
 * Which policies of a namespace are too much, of the parts of each by its key: none where all have at most `mostParts` together,
 * else the largest, by key where they are alike. So it does not matter in which order they came.
 */
export function excessOf(parts: ReadonlyMap<string, number>): ReadonlySet<string> {
  let sum = 0;
  for (const count of parts.values()) sum += count;
  const excess = new Set<string>();
  const largestFirst = sum <= mostParts ? [] : [...parts].sort(([a, m], [b, n]) => n - m || (a < b ? 1 : -1));
  for (const [key, count] of largestFirst) {
    if (sum <= mostParts) break;
    sum -= count;
    excess.add(key);
  }
  return excess;
}
