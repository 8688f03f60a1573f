import type { Family, NodePlan } from "@podwall/engine";
import { families } from "./address-family.ts";
import type { Dispatch } from "./dispatch.ts";
import type { FamilySets } from "./judgement.ts";
import type { RuleSetChain } from "./rule-set-chain.ts";

/** What podwall has put into the kernel, as far as it knows. */
export interface KernelState {
  /** Counts the switches; the number in the names of what a switch brings. */
  readonly generation: number;
  readonly epoch: number;
  readonly plan: NodePlan;
  /** The number each identity has in the kernel. Numbers are given out once and never again. */
  readonly ids: ReadonlyMap<string, number>;
  readonly nextId: number;
  readonly ruleSets: ReadonlyMap<string, RuleSetChain>;
  /** In no chain's name yet. */
  readonly nextChain: number;
  readonly sets: Readonly<Record<Family, FamilySets>>;
  /** What those sets and maps hold that say which local pods there are. */
  readonly dispatch: Readonly<Record<Family, Dispatch>>;
  /**
   * Addresses of which the map of pods may say something else than the plan: those in each of the deltas of `sets`, and those
   * whose entries are still to be taken away. By what settles them, once it was written underneath.
   */
  readonly unsettled: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The names of all sets and maps that the judge chains of a state read. */
export function setsInUse(state: KernelState): string[] {
  return families.flatMap((family) => {
    const { dispatch, atoms, pods, deltas } = state.sets[family];
    return [...(Object.values(dispatch) as string[]), atoms, pods, ...deltas];
  });
}
