import type { NetworkPolicy } from "../model/network-policy.ts";

type ByNamespace = ReadonlyMap<string, readonly NetworkPolicy[]>;

/** NetworkPolicies by namespace, of one list after the other. Those of a namespace stay the same list while they are the same. */
export class PoliciesByNamespace {
  #policies: readonly NetworkPolicy[] = [];
  #byNamespace: ByNamespace = new Map();

  of(policies: readonly NetworkPolicy[]): ByNamespace {
    if (policies === this.#policies) return this.#byNamespace;
    const sorted = new Map<string, NetworkPolicy[]>();
    for (const policy of policies) {
      const others = sorted.get(policy.namespace);
      if (others === undefined) sorted.set(policy.namespace, [policy]);
      else others.push(policy);
    }
    const before = this.#byNamespace;
    const now = new Map<string, readonly NetworkPolicy[]>();
    for (const [namespace, own] of sorted) {
      const old = before.get(namespace);
      const isAsBefore = old?.length === own.length && own.every((policy, index) => policy === old[index]);
      now.set(namespace, isAsBefore ? old : own);
    }
    this.#policies = policies;
    this.#byNamespace = now;
    return now;
  }
}
