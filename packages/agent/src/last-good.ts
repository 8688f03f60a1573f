import type { NetworkPolicy } from "@podwall/engine";

/** A policy whose newest version cannot be used, and what is enforced instead. */
export interface Fallback {
  readonly policy: NetworkPolicy;
  /** Why the newest version cannot be used. */
  readonly because: string;
  readonly enforced: "last good version" | "closed";
}

/**
 * Keeps the last good version of every policy, so that an edit gone wrong changes nothing: a policy that stands in for one
 * that cannot be used gives way to the version before it; where there is none, its subjects stay closed.
 */
export class LastGood {
  #good: ReadonlyMap<string, NetworkPolicy> = new Map();

  /** What to enforce, of the policies as they are now. A policy that is gone is forgotten. */
  admit(policies: readonly NetworkPolicy[]): {
    readonly policies: readonly NetworkPolicy[];
    readonly fallbacks: readonly Fallback[];
  } {
    const good = new Map<string, NetworkPolicy>();
    const fallbacks: Fallback[] = [];
    const enforced = policies.map((policy) => {
      const key = `${policy.namespace}/${policy.name}`;
      const usable = policy.closedBecause === undefined ? policy : this.#good.get(key);
      if (usable !== undefined) good.set(key, usable);
      if (policy.closedBecause !== undefined) {
        const instead = usable === undefined ? "closed" : "last good version";
        fallbacks.push({ policy, because: policy.closedBecause, enforced: instead });
      }
      return usable ?? policy;
    });
    this.#good = good;
    return { policies: enforced, fallbacks };
  }
}
