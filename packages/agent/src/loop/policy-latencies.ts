import { policyKey } from "../source/source.ts";
import type { PolicyState } from "./agent-state.ts";

/** How long each policy's newest generation took from its event to the kernel. */
export class PolicyLatencies {
  /** What it was given last, and what it gave. */
  #last: { readonly policies: readonly PolicyState[]; readonly added: readonly PolicyState[] } | undefined;
  #known: ReadonlyMap<string, { readonly generation: number; readonly latencyMs: number }> = new Map();

  /**
   * Adds it to policies that were put in force just now. Those that were there when the agent started have none: since when
   * they are written it does not know. The same list for the same.
   */
  add(
    policies: readonly PolicyState[],
    { tookMs, first }: { readonly tookMs: number; readonly first: boolean },
  ): readonly PolicyState[] {
    if (this.#last?.policies === policies) return this.#last.added;
    const known = new Map<string, { readonly generation: number; readonly latencyMs: number }>();
    const added = policies.map((policy): PolicyState => {
      const { generation } = policy;
      if (generation === undefined) return policy;
      const key = policyKey(policy);
      const before = this.#known.get(key);
      const latencyMs = before?.generation === generation ? before.latencyMs : first ? Number.NaN : tookMs;
      known.set(key, { generation, latencyMs });
      return Number.isNaN(latencyMs) ? policy : { ...policy, latencyMs: Math.round(latencyMs * 10) / 10 };
    });
    this.#known = known;
    this.#last = { policies, added };
    return added;
  }
}
