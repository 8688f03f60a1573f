import type { NodePlan } from "@podwall/engine";
import { families, perFamily } from "./address-family.ts";
import { createAtoms, createPods } from "./address-maps.ts";
import { createDispatchSet, dispatchNames } from "./dispatch.ts";
import type { DispatchKind, DispatchNames, FamilySets } from "./judgement.ts";
import type { KernelState } from "./kernel-state.ts";
import { type FamilyChange, type NodeChange, stateAfter } from "./node-change.ts";
import { foldCommands } from "./pod-changes.ts";
import { replacePodChains } from "./pod-chains.ts";
import { retireCommands } from "./retire.ts";
import { type RulesetOptions, type Transition, markedSwitch } from "./transition.ts";

/** From where to where a transition goes. */
export interface Course {
  readonly state: KernelState;
  readonly plan: NodePlan;
  readonly epoch: number;
  readonly generation: number;
  readonly pending: ReadonlySet<string>;
}

/** Makes what differs under new names, and has all packets go by these names from one moment on. */
export function switchedTransition(course: Course, change: NodeChange, options: RulesetOptions): Transition {
  const { state, plan, epoch, generation, pending } = course;
  const { ids, creates, fills, fillsIntervals } = change;
  const build: string[] = [...creates, ...fills];
  const fold: string[] = [];
  const unsettled = new Map([...state.unsettled].filter(([name]) => pending.has(name)));
  const settles: string[] = [];
  const sets = perFamily((family): FamilySets => {
    const before = state.sets[family];
    const { pods, hasSameAtoms, dispatch } = change.families[family];
    const deltas = before.deltas.filter((name) => pending.has(name));
    const isSame = pods.length === 0 && hasSameAtoms && dispatch === undefined;
    if (isSame && deltas.length === before.deltas.length) return before;
    if (pods.length > 0) {
      const delta = `delta${family}_${generation}`;
      build.push(
        ...createPods(
          delta,
          family,
          pods.map(({ address, now }) => [address, now] as const),
        ),
      );
      fold.push(...foldCommands(before.pods, pods));
      unsettled.set(delta, new Set(pods.map(({ address }) => address)));
      settles.push(delta);
      deltas.push(delta);
    }
    const atoms = hasSameAtoms ? before.atoms : `atoms${family}_${generation}`;
    if (!hasSameAtoms) build.push(...createAtoms(atoms, plan.atoms[family], family, ids));
    const names = dispatch === undefined ? before.dispatch : dispatchNames(dispatch.now, family, generation);
    return { dispatch: keepNames(before.dispatch, names, dispatch, build), atoms, pods: before.pods, deltas };
  });
  const next = stateAfter(state, change, { generation, epoch, plan, sets, unsettled });
  const rejudged = families.flatMap((family) => change.families[family].dispatch?.rejudged ?? []);
  return {
    replacesRules: true,
    build,
    buildsFirst: fillsIntervals || families.some((family) => !change.families[family].hasSameAtoms),
    podSwitch: replacePodChains(rejudged),
    switch: markedSwitch(next, options, state),
    retire: [...fold, ...retireCommands(state, next)],
    settles,
    next,
  };
}

/** New names for those that are others than before, whose making is added to `build`; the others keep theirs. */
function keepNames(
  before: DispatchNames,
  names: DispatchNames,
  change: FamilyChange["dispatch"],
  build: string[],
): DispatchNames {
  if (change === undefined) return before;
  const kept: [DispatchKind, string][] = [];
  for (const [kind, set] of change.now) {
    const name = (change.changed.has(kind) ? names : before)[kind] as string;
    if (change.changed.has(kind)) build.push(...createDispatchSet(name, set));
    kept.push([kind, name]);
  }
  return Object.fromEntries(kept) as Record<DispatchKind, string>;
}
