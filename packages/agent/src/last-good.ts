import type { ClusterPolicy, NetworkPolicy } from "@podwall/engine";
import { excessOf, partsOf } from "./namespace-parts.ts";
import { shortText } from "./short-text.ts";
import { policyKey } from "./source/source.ts";

/** A policy of any kind. */
export type AnyPolicy = NetworkPolicy | ClusterPolicy;

/** A policy whose newest version cannot be used, and what is enforced instead. */
export interface Fallback<P extends AnyPolicy = NetworkPolicy> {
  readonly policy: P;
  /** Why the newest version cannot be used. */
  readonly because: string;
  readonly enforced: "last good version" | "closed";
}

/**
 * Keeps the last good version of every policy, so that an edit gone wrong changes nothing: a policy that stands in for one
 * that cannot be used gives way to the version before it; where there is none, or such versions are too much in a namespace, its
 * subjects stay closed.
 */
export class LastGood<P extends AnyPolicy = NetworkPolicy> {
  #good: ReadonlyMap<string, P> = new Map();

  /** What to enforce, of the policies as they are now. A policy that is gone is forgotten. */
  admit(policies: readonly P[]): {
    readonly policies: readonly P[];
    readonly fallbacks: readonly Fallback<P>[];
  } {
    const good = new Map<string, P>();
    const excess = this.#excess(policies);
    const fallbacks: Fallback<P>[] = [];
    const enforced = policies.map((policy) => {
      const key = policyKey(policy);
      const before = excess.has(key) ? undefined : this.#good.get(key);
      const usable = policy.closedBecause === undefined ? policy : before;
      if (usable !== undefined) good.set(key, usable);
      if (policy.closedBecause !== undefined) {
        const instead = usable === undefined ? "closed" : "last good version";
        fallbacks.push({ policy, because: shortText(policy.closedBecause), enforced: instead });
      }
      return usable ?? policy;
    });
    this.#good = good;
    return { policies: enforced, fallbacks };
  }

  /** Policies whose version before is held beside what is known now, and is too much with others of its namespace. */
  #excess(policies: readonly P[]): ReadonlySet<string> {
    const partsIn = new Map<string, Map<string, number>>();
    for (const policy of policies) {
      if (policy.closedBecause === undefined) continue;
      const key = policyKey(policy);
      const before = this.#good.get(key);
      if (before?.kind !== "NetworkPolicy") continue;
      const parts = partsIn.get(before.namespace) ?? new Map<string, number>();
      partsIn.set(before.namespace, parts.set(key, partsOf(before)));
    }
    return new Set([...partsIn.values()].flatMap((parts) => [...excessOf(parts)]));
  }
}
