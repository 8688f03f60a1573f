import type { Family, NodePlan, RuleSet } from "@podwall/engine";
import { families, perFamily } from "./address-family.ts";
import { createAtoms, createPods } from "./address-maps.ts";
import { allocateIds, chainsFor } from "./allocate.ts";
import { createDispatchSet, dispatchNames, dispatchOf } from "./dispatch.ts";
import { fixedChains, fixedSets, foundation } from "./foundation.ts";
import { type KernelState, setsInUse } from "./kernel-state.ts";
import { chainObjects, removeObjects } from "./retire.ts";
import { createRuleSetChain, fillRuleSetChain } from "./rule-set-chain.ts";
import { type RulesetOptions, type Transition, markedSwitch } from "./transition.ts";

/** Where a full build starts: numbers from here on are in no name that the kernel knows. */
export interface FreshNumbers {
  readonly generation: number;
  readonly nextId: number;
  readonly nextRuleSet: number;
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
  const { chains, nextRuleSet } = chainsFor(plan, new Map(), numbers.nextRuleSet, allocated, options.sparing);
  const dispatch = perFamily((family) => dispatchOf(plan, family, chains));
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
    nextRuleSet,
    sets,
    dispatch,
    unsettled: new Map(),
  };
  const build = [...foundation(), ...contentsOf(next)];
  const kept = new Set([...fixedChains, ...fixedSets, ...setsInUse(next), ...chainObjects(chains.values()).all]);
  const retire = removeObjects(
    present.chains.filter((name) => !kept.has(name)),
    present.sets.filter((name) => !kept.has(name)),
  );
  return {
    replacesRules: true,
    build,
    buildsFirst: true,
    switch: markedSwitch(next, options),
    retire,
    settles: [],
    next,
  };
}

/** Commands that create and fill everything that a state has of its own, but for what it has changed since. */
export function contentsOf({ plan, ids, ruleSets, sets, dispatch }: KernelState): string[] {
  return [
    ...[...ruleSets.values()].flatMap((chain) => {
      const rules = plan.ruleSets.get(chain.key) as RuleSet;
      return [...createRuleSetChain(chain, rules.common), ...fillRuleSetChain(chain, rules, ids)];
    }),
    ...families.flatMap((family) => [
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
