import { type ClusterPolicy, type NetworkPolicy, listDifferences } from "@podwall/engine";
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
  readonly #bounded: (policy: P) => P;
  /** As they were told of last. */
  #policies: readonly P[] = [];
  /** By key, as all that follows. */
  readonly #good = new Map<string, P>();
  /** What stands in for those that cannot be used. */
  readonly #closed = new Map<string, P>();

  /** `bounded` gives what stands in for a policy that is too large, and any other as it is. */
  constructor(bounded: (policy: P) => P = (policy) => policy) {
    this.#bounded = bounded;
  }

  /**
   * What to enforce, of the policies as they are now. A policy that is gone is forgotten. Only those that are others than the last
   * time are looked at more closely than that.
   */
  admit(policies: readonly P[]): {
    readonly policies: readonly P[];
    readonly fallbacks: readonly Fallback<P>[];
  } {
    this.#follow(policies);
    if (this.#closed.size === 0) return { policies, fallbacks: [] };
    const fallbacks: Fallback<P>[] = [];
    const enforced = policies.map((told) => {
      const key = policyKey(told);
      const policy = this.#closed.get(key);
      if (policy?.closedBecause === undefined) return told;
      const before = this.#good.get(key);
      const instead = before === undefined ? "closed" : "last good version";
      fallbacks.push({ policy, because: shortText(policy.closedBecause), enforced: instead });
      return before ?? policy;
    });
    return { policies: enforced, fallbacks };
  }

  #follow(policies: readonly P[]): void {
    const { gone, came } = listDifferences(this.#policies, policies);
    this.#policies = policies;
    const there = new Set(came.map(policyKey));
    for (const key of gone.map(policyKey)) {
      this.#closed.delete(key);
      if (!there.has(key)) this.#good.delete(key);
    }
    for (const told of came) {
      const [key, policy] = [policyKey(told), this.#bounded(told)];
      if (policy.closedBecause === undefined) this.#good.set(key, policy);
      else this.#closed.set(key, policy);
    }
    for (const key of this.#excess()) this.#good.delete(key);
  }

  /** Policies whose version before is held beside what is known now, and is too much with others of its namespace. */
  #excess(): ReadonlySet<string> {
    const partsIn = new Map<string, Map<string, number>>();
    for (const key of this.#closed.keys()) {
      const before = this.#good.get(key);
      if (before?.kind !== "NetworkPolicy") continue;
      const parts = partsIn.get(before.namespace) ?? new Map<string, number>();
      partsIn.set(before.namespace, parts.set(key, partsOf(before)));
    }
    return new Set([...partsIn.values()].flatMap((parts) => [...excessOf(parts)]));
  }
}
