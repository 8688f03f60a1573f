import { type Family, type NodePlan, cidrContains, haveSameKeys, parseAddress } from "@podwall/engine";
import { families } from "./address-family.ts";
import { addElements } from "./commands.ts";
import type { DispatchChange } from "./dispatch-change.ts";
import { type Dispatch, type DispatchElement, elementText } from "./dispatch.ts";
import type { DispatchKind } from "./judgement.ts";
import type { KernelState } from "./kernel-state.ts";
import { localAddresses } from "./local-addresses.ts";
import { type FamilyChange, type NodeChange, stateAfter } from "./node-change.ts";
import type { ChangedPod } from "./pod-changes.ts";
import { retireCommands } from "./retire.ts";
import type { Course } from "./switched-transition.ts";
import { type RulesetOptions, type Transition, markedSwitch } from "./transition.ts";

/** What changes of a family in place. */
interface InPlace {
  readonly commands: readonly string[];
  /** Addresses of local pods that went: what they are to others is taken away later. */
  readonly leaving: readonly string[];
}

/** Addresses that become, or were, local pods'. */
interface Local {
  readonly come: ReadonlySet<string>;
  readonly go: ReadonlySet<string>;
  readonly commands: readonly string[];
}

const leavingWord = "leaving_";

/**
 * Whether an address is met again, a local pod's or outside the node's ranges, before what the local pod before was to others was
 * taken away: who is to have no entry of its own in the map of pods would be taken for that one.
 */
export function comesBack({ unsettled }: KernelState, plan: NodePlan, pending: ReadonlySet<string>): boolean {
  const leaving = [...unsettled].filter(([name]) => name.startsWith(leavingWord) && pending.has(name));
  if (leaving.length === 0) return false;
  const local = localAddresses(plan);
  return leaving.some(([, addresses]) =>
    [...addresses].some((address) => local.has(address) || !isInRanges(address, plan)),
  );
}

const nobody: Local = { come: new Set(), go: new Set(), commands: [] };

/**
 * Adds or deletes elements in the sets and maps themselves, where a packet that meets some of them as they were and others as
 * they are is judged by one state all the same; undefined where that cannot be.
 *
 * - *One address of no local pod* comes or goes: a packet reads its entry once. An entry that is replaced could be missed by a
 *   look-up on older kernels, and two could be read of two states.
 * - *Local pods* come or go, in the node's own ranges: whether an address is a local pod's is the first that a packet reads of it, and
 *   one that is not is closed. A packet that finds that an address came finds all else of it; one that finds a part of it
 *   gone is closed, as it is after. What the address is to other pods is taken away once no such packet is under way.
 *
 * Where that takes something away, the epoch rises in the same transaction: a packet that met what was before is approved for the epoch of before.
 */
export function inPlaceTransition(course: Course, change: NodeChange, options: RulesetOptions): Transition | undefined {
  const { state, plan, epoch, generation, pending } = course;
  const { creates, fills, fillsIntervals, hasSameLinks } = change;
  if (!hasSameLinks) return undefined;
  const parts: InPlace[] = [];
  for (const family of families) {
    const part = familyInPlace(state, plan, family, change.families[family]);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  const leaving = parts.flatMap(({ leaving: some }) => some);
  const settles = leaving.length === 0 ? [] : [`${leavingWord}${generation}`];
  const inUse = new Set(families.flatMap((family) => state.sets[family].deltas));
  const unsettled = new Map([...state.unsettled].filter(([name]) => pending.has(name) || inUse.has(name)));
  for (const name of settles) unsettled.set(name, new Set(leaving));
  const { sets } = state;
  const next = stateAfter(state, change, { generation, epoch, plan, sets, unsettled });
  const rules = markedSwitch(next, options, state);
  // A packet that runs by the rules of before and reads an element that came finds no rules in a chain that came with it.
  const build = creates.length > 0 || fillsIntervals ? [...creates, ...fills] : [];
  const forgotten = families.flatMap((family) =>
    addElements(
      sets[family].pods,
      leaving.filter((text) => parseAddress(text)?.family === family),
      "delete",
    ),
  );
  return {
    replacesRules: rules.length > 0,
    build,
    buildsFirst: build.length > 0,
    podSwitch: [],
    switch: [...(build.length > 0 ? [] : fills), ...parts.flatMap(({ commands }) => commands), ...rules],
    retire: [...forgotten, ...retireCommands(state, next)],
    settles,
    next,
  };
}

function familyInPlace(
  state: KernelState,
  plan: NodePlan,
  family: Family,
  { pods: changed, hasSameAtoms, dispatch }: FamilyChange,
): InPlace | undefined {
  if (!hasSameAtoms) return undefined;
  const { dispatch: names, pods } = state.sets[family];
  const local = dispatch === undefined ? nobody : localInPlace(dispatch, names, plan);
  if (local === undefined) return undefined;
  const entries = entriesInPlace(state, changed, local);
  if (entries === undefined) return undefined;
  const { added, deleted, leaving } = entries;
  return {
    commands: [
      ...local.commands,
      ...addElements(pods, deleted, "delete"),
      ...addElements(
        pods,
        added.map(({ address, now }) => `${address} : ${now}`),
      ),
    ],
    leaving,
  };
}

/** What says which local pods there are, where all that changes is that some come and some go that are closed without it. */
function localInPlace(
  { before, now, changed, rejudged }: DispatchChange,
  names: KernelState["sets"][Family]["dispatch"],
  plan: NodePlan,
): Local | undefined {
  if (rejudged.length > 0 || !haveSameKeys(before, now)) return undefined;
  const { came: arrived = [], gone: left = [] } = changed.get("itself") ?? {};
  const [come, go] = [new Set(arrived), new Set(left)];
  if (![...come, ...go].every((address) => isInRanges(address, plan))) return undefined;
  const commands: string[] = [];
  for (const [kind, { came, gone, others }] of changed) {
    if (others.length > 0) return undefined;
    if (!came.every((address) => come.has(address)) || !gone.every((address) => go.has(address))) return undefined;
    const deleted = gone.map((address) => elementOf(before, kind, address).key);
    const added = came.map((address) => elementText(elementOf(now, kind, address)));
    const name = names[kind] as string;
    commands.push(...addElements(name, deleted, "delete"), ...addElements(name, added));
  }
  return { come, go, commands };
}

function elementOf(dispatch: Dispatch, kind: DispatchKind, address: string): DispatchElement {
  return dispatch.get(kind)?.elements.get(address) as DispatchElement;
}

/** Whether an address is in the node's own ranges, and so closed where it is no local pod's. */
function isInRanges(text: string, { localRanges }: NodePlan): boolean {
  const address = parseAddress(text);
  return address !== undefined && localRanges.some((range) => cidrContains(range, address));
}

/** What changes in the map of pods. */
function entriesInPlace(
  { unsettled }: KernelState,
  changed: readonly ChangedPod[],
  { come, go }: Local,
): { readonly added: ChangedPod[]; readonly deleted: string[]; readonly leaving: string[] } | undefined {
  const entries = { added: [] as ChangedPod[], deleted: [] as string[], leaving: [] as string[] };
  let others = 0;
  for (const one of changed) {
    const { address, before, keep } = one;
    const comesOrGoes = keep !== (before !== undefined);
    if (!comesOrGoes || [...unsettled.values()].some((addresses) => addresses.has(address))) return undefined;
    if (go.has(address)) {
      if (keep) return undefined;
      entries.leaving.push(address);
      continue;
    }
    if (!come.has(address) && ++others > 1) return undefined;
    if (keep) entries.added.push(one);
    else entries.deleted.push(address);
  }
  return entries;
}
