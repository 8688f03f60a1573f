import { type Family, type NodePlan, identityAt } from "@podwall/engine";
import { addElements } from "./commands.ts";
import type { KernelState } from "./kernel-state.ts";

/** An address whose entry in the map of pods is not what a plan wants. */
export interface ChangedPod {
  readonly address: string;
  /** The number in the map of pods before; undefined when it is not in it. */
  readonly before?: number;
  readonly now: number;
  /** Whether the map of pods is to have it. */
  readonly keep: boolean;
}

/** Addresses whose entry in the map of pods is not what the plan wants. */
export function changedPods(
  state: KernelState,
  plan: NodePlan,
  family: Family,
  ids: ReadonlyMap<string, number>,
): ChangedPod[] {
  const changed: ChangedPod[] = [];
  if (plan.podIdentities === state.plan.podIdentities) return changed;
  for (const [text, entry] of plan.podIdentities) {
    const { address, identity } = entry;
    if (address.family !== family) continue;
    const old = state.plan.podIdentities.get(text);
    if (old === entry) continue;
    const now = ids.get(identity) as number;
    const before = old === undefined ? undefined : state.ids.get(old.identity);
    if (before !== now)
      changed.push({
        address: text,
        ...(before === undefined ? {} : { before }),
        now,
        keep: true,
      });
  }
  for (const [text, { address, identity }] of state.plan.podIdentities) {
    if (address.family !== family || plan.podIdentities.has(text)) continue;
    const now = ids.get(identityAt(plan, address)) as number;
    changed.push({
      address: text,
      before: state.ids.get(identity) as number,
      now,
      keep: false,
    });
  }
  return changed;
}

/**
 * Brings the map of pods up to date under the delta, which every packet reads after it. An address taken out and put back
 * within a transaction may be missed by a lookup on older kernels; the delta has it.
 */
export function foldCommands(pods: string, changed: readonly ChangedPod[]): string[] {
  const stale = changed.filter(({ before }) => before !== undefined).map(({ address }) => address);
  const wanted = changed.filter(({ keep }) => keep).map(({ address, now }) => `${address} : ${now}`);
  return [...addElements(pods, stale, "delete"), ...addElements(pods, wanted)];
}
