import type { ClusterPolicy, NetworkPolicy } from "@podwall/engine";
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
 * that cannot be used gives way to the version before it; where there is none, its subjects stay closed.
 */
export class LastGood<P extends AnyPolicy = NetworkPolicy> {
  #good: ReadonlyMap<string, P> = new Map();

  /** What to enforce, of the policies as they are now. A policy that is gone is forgotten. */
  admit(policies: readonly P[]): {
    readonly policies: readonly P[];
    readonly fallbacks: readonly Fallback<P>[];
  } {
    const good = new Map<string, P>();
    const fallbacks: Fallback<P>[] = [];
    const enforced = policies.map((policy) => {
      const key = policyKey(policy);
      const usable = policy.closedBecause === undefined ? policy : this.#good.get(key);
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
}
