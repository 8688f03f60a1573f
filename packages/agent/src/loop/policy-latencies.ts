import { policyKey } from "../source/source.ts";
import type { PolicyState } from "./agent-state.ts";

interface Known {
  readonly policy: PolicyState;
  readonly latencyMs: number;
  readonly added: PolicyState;
}

/** How long each policy's newest generation took from its event to the kernel. */
export class PolicyLatencies {
  /** What it was given last, and what it gave. */
  #last: { readonly policies: readonly PolicyState[]; readonly added: readonly PolicyState[] } | undefined;
  #known: ReadonlyMap<string, Known> = new Map();

  /**
   * Adds it to policies that were put in force just now. Those that were there when the agent started have none: since when
   * they are written it does not know. The same objects for the same.
   */
  add(
    policies: readonly PolicyState[],
    { tookMs, first }: { readonly tookMs: number; readonly first: boolean },
  ): readonly PolicyState[] {
    if (this.#last?.policies === policies) return this.#last.added;
    const known = new Map<string, Known>();
    for (const policy of policies) {
      const key = policyKey(policy);
      const before = this.#known.get(key);
      if (before?.policy === policy) {
        known.set(key, before);
        continue;
      }
      const { generation } = policy;
      const isTimed = generation !== undefined && before?.policy.generation === generation;
      const latencyMs = isTimed ? before.latencyMs : first || generation === undefined ? Number.NaN : tookMs;
      const added = Number.isNaN(latencyMs) ? policy : { ...policy, latencyMs: Math.round(latencyMs * 10) / 10 };
      known.set(key, { policy, latencyMs, added });
    }
    this.#known = known;
    this.#last = { policies, added: [...known.values()].map(({ added }) => added) };
    return this.#last.added;
  }
}
