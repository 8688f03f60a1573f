import { listDifferences } from "@podwall/engine";
import { policyKey } from "../source/source.ts";
import type { PolicyState } from "./agent-state.ts";

/** How long each policy's newest generation took from its event to the kernel. */
export class PolicyLatencies {
  /** What it was given last, and what it gave. */
  #last: { readonly policies: readonly PolicyState[]; readonly added: readonly PolicyState[] } | undefined;
  /** Those that it was added to, as they are with it. */
  readonly #timed = new Map<PolicyState, PolicyState>();

  /**
   * Adds it to policies that were put in force just now. Those that were there when the agent started have none: since when
   * they are written it does not know. The same objects for the same.
   */
  add(
    policies: readonly PolicyState[],
    { tookMs, first }: { readonly tookMs: number; readonly first: boolean },
  ): readonly PolicyState[] {
    if (this.#last?.policies === policies) return this.#last.added;
    const { gone, came } = listDifferences(this.#last?.policies ?? [], policies);
    const before = new Map(gone.map((policy) => [policyKey(policy), this.#timed.get(policy) ?? policy]));
    for (const policy of gone) this.#timed.delete(policy);
    for (const policy of came) {
      const { generation } = policy;
      if (first || generation === undefined) continue;
      const old = before.get(policyKey(policy));
      const latencyMs = old?.generation === generation ? old.latencyMs : Math.round(tookMs * 10) / 10;
      if (latencyMs !== undefined) this.#timed.set(policy, { ...policy, latencyMs });
    }
    this.#last = { policies, added: policies.map((policy) => this.#timed.get(policy) ?? policy) };
    return this.#last.added;
  }
}
