import type { Family, NodePlan, RuleSet } from "@podwall/engine";
import { families, perFamily } from "./address-family.ts";
import { createAtoms, createPods } from "./address-maps.ts";
import { allocateIds, chainsFor } from "./allocate.ts";
import { createDispatchSet, dispatchNames, dispatchOf, podChainsOf } from "./dispatch.ts";
import { fixedChains, fixedSets, foundation } from "./foundation.ts";
import { type KernelState, setsInUse } from "./kernel-state.ts";
import { createPodChains } from "./pod-chains.ts";
import { chainObjects, removeObjects } from "./retire.ts";
import { createRuleSetChain } from "./rule-set-chain.ts";
import { type RulesetOptions, type Transition, markedSwitch } from "./transition.ts";

/** Where a full build starts: numbers from here on are in no name that the kernel knows. */
export interface FreshNumbers {
  readonly generation: number;
  readonly nextId: number;
  readonly nextChain: number;
}

/** Builds everything anew beside whatever is there. `present` are the names of what is there, to be retired. */
export function fullTransition(
  plan: NodePlan,
  epoch: number,
  numbers: FreshNumbers,
  present: {
    readonly chains: readonly string[];
    readonly sets: readonly string[];
  },
  options: RulesetOptions,
): Transition {
  const { generation } = numbers;
  const allocated = allocateIds(new Map(), plan.identities, numbers.nextId);
  const { ids, nextId } = allocated;
  const made = chainsFor(plan, new Map(), numbers.nextChain, allocated, options.sparing);
  const { chains } = made;
  let { nextChain } = made;
  const dispatch = perFamily((family) => {
    const ofFamily = dispatchOf(plan, family, chains, nextChain);
    ({ nextChain } = ofFamily);
    return ofFamily.dispatch;
  });
  const sets = perFamily((family) => ({
    dispatch: dispatchNames(dispatch[family], family, generation),
    atoms: `atoms${family}_${generation}`,
    pods: `pods${family}_${generation}`,
    deltas: [],
  }));
  const next: KernelState = {
    generation,
    epoch,
    plan,
    ids,
    nextId,
    ruleSets: chains,
    nextChain,
    sets,
    dispatch,
    unsettled: new Map(),
  };
  const build = [...foundation(), ...contentsOf(next)];
  const kept = namesOf(next);
  const retire = removeObjects(
    present.chains.filter((name) => !kept.has(name)),
    present.sets.filter((name) => !kept.has(name)),
  );
  return {
    replacesRules: true,
    build,
    buildsFirst: true,
    podSwitch: [],
    switch: markedSwitch(next, options),
    retire,
    settles: [],
    next,
  };
}

/** The names of all chains and sets that a table in this state has. */
export function namesOf(state: KernelState): ReadonlySet<string> {
  return new Set([
    ...fixedChains,
    ...fixedSets,
    ...setsInUse(state),
    ...chainObjects(state.ruleSets.values()).all,
    ...families.flatMap((family) => podChainsOf(state.dispatch[family]).map(({ name }) => name)),
  ]);
}

/** Commands that create and fill everything that a state has of its own, but for what it has changed since. */
export function contentsOf({ plan, ids, ruleSets, sets, dispatch }: KernelState): string[] {
  return [
    ...[...ruleSets.values()].flatMap((chain) =>
      createRuleSetChain(chain, plan.ruleSets.get(chain.key) as RuleSet, ids),
    ),
    ...families.flatMap((family) => [
      ...createPodChains(podChainsOf(dispatch[family])),
      ...createAtoms(sets[family].atoms, plan.atoms[family], family, ids),
      ...createPods(sets[family].pods, family, podIds(plan, family, ids)),
      ...[...dispatch[family]].flatMap(([kind, set]) => createDispatchSet(sets[family].dispatch[kind] as string, set)),
    ]),
  ];
}

function podIds(plan: NodePlan, family: Family, ids: ReadonlyMap<string, number>): [string, number][] {
  return [...plan.podIdentities]
    .filter(([, { address }]) => address.family === family)
    .map(([text, { identity }]) => [text, ids.get(identity) as number]);
}
