import type { NetworkPolicy } from "../model/network-policy.ts";
import { listDifferences } from "./differences.ts";

type ByNamespace = ReadonlyMap<string, readonly NetworkPolicy[]>;

/**
 * NetworkPolicies by namespace and in the order of their names, of one list after the other. Those of a namespace stay the same
 * list while they are the same.
 */
export class PoliciesByNamespace {
  #policies: readonly NetworkPolicy[] = [];
  #byNamespace: ByNamespace = new Map();

  of(policies: readonly NetworkPolicy[]): ByNamespace {
    if (policies === this.#policies) return this.#byNamespace;
    const { gone, came } = listDifferences(this.#policies, policies);
    this.#policies = policies;
    if (gone.length + came.length === 0) return this.#byNamespace;
    const went = new Set(gone);
    const added = new Map<string, NetworkPolicy[]>();
    for (const policy of came) {
      const others = added.get(policy.namespace);
      if (others === undefined) added.set(policy.namespace, [policy]);
      else others.push(policy);
    }
    const now = new Map(this.#byNamespace);
    for (const namespace of new Set([...gone, ...came].map((policy) => policy.namespace))) {
      const stayed = (now.get(namespace) ?? []).filter((policy) => !went.has(policy));
      const own = [...stayed, ...(added.get(namespace) ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1));
      if (own.length > 0) now.set(namespace, own);
      else now.delete(namespace);
    }
    this.#byNamespace = now;
    return now;
  }
}
