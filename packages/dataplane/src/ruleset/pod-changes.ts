import {
  type AddressIdentity,
  type Family,
  type NodePlan,
  entryChanges,
  identityAt,
  sameForSame,
} from "@podwall/engine";
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

/** The entries of two plans that differ: of each pair of plans it is asked several times. */
export const podEntryChanges = sameForSame(entryChanges<AddressIdentity>);

/** Addresses whose entry in the map of pods is not what the plan wants. */
export function changedPods(
  state: KernelState,
  plan: NodePlan,
  family: Family,
  ids: ReadonlyMap<string, number>,
): ChangedPod[] {
  const changed: ChangedPod[] = [];
  for (const { key, before: had, after: has } of podEntryChanges(state.plan.podIdentities, plan.podIdentities)) {
    const { address } = (has ?? had) as AddressIdentity;
    if (address.family !== family) continue;
    const before = had && (state.ids.get(had.identity) as number);
    const now = ids.get(has?.identity ?? identityAt(plan, address)) as number;
    const keep = has !== undefined;
    if (keep && before === now) continue;
    changed.push({ address: key, ...(before === undefined ? {} : { before }), now, keep });
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
