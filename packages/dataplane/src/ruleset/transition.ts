import { type Family, type NodePlan, type RuleSet, formatAddress, formatCidr } from "@podwall/engine";
import { families } from "./address-family.ts";
import {
  type DispatchNames,
  createAtoms,
  createDispatch,
  createPods,
  dispatchText,
  hasSharedLinks,
  judgesOwnNode,
} from "./address-maps.ts";
import { allocateIds, chainsFor } from "./allocate.ts";
import { fixedChains, fixedSets, foundation } from "./foundation.ts";
import { switchTo } from "./judge-chains.ts";
import type { DenyWith, FamilySets, Judgement } from "./judgement.ts";
import { type KernelState, setsInUse } from "./kernel-state.ts";
import type { MarkBits } from "./mark.ts";
import { changedPods, foldCommands } from "./pod-changes.ts";
import { chainObjects, removeObjects, retireCommands } from "./retire.ts";
import { createRuleSetChain, fillRuleSetChain } from "./rule-set-chain.ts";

/**
 * How the kernel gets from one state to the next: make before break. `build` adds objects and elements that no packet can
 * meet yet and may take any number of transactions; `switch` is one transaction that replaces the rules of the judge
 * chains, and with them what every packet meets; `retire` takes away what nothing reads any more.
 */
export interface Transition {
  readonly build: readonly string[];
  readonly switch: readonly string[];
  readonly retire: readonly string[];
  readonly next: KernelState;
}

export interface RulesetOptions {
  readonly mark: MarkBits;
  readonly denyWith: DenyWith;
}

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
  const { ids, nextId } = allocateIds(new Map(), plan.identities, numbers.nextId);
  const { chains, nextRuleSet } = chainsFor(plan, new Map(), numbers.nextRuleSet);
  const sets = perFamily((family) => ({
    ...dispatchNames(plan, family, generation),
    atoms: `atoms${family}_${generation}`,
    pods: `pods${family}_${generation}`,
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
  };
  const build = [...foundation(), ...contentsOf(next)];
  const kept = new Set([...fixedChains, ...fixedSets, ...setsInUse(next), ...chainObjects(chains.values()).all]);
  const retire = removeObjects(
    present.chains.filter((name) => !kept.has(name)),
    present.sets.filter((name) => !kept.has(name)),
  );
  return { build, switch: switchTo(judgementOf(next, options)), retire, next };
}

/** Commands that create and fill everything that a state has of its own, but for what it has changed since. */
export function contentsOf({ plan, ids, ruleSets, sets }: KernelState): string[] {
  return [
    ...[...ruleSets.values()].flatMap((chain) => {
      const rules = plan.ruleSets.get(chain.key) as RuleSet;
      return [...createRuleSetChain(chain, rules.common), ...fillRuleSetChain(chain, rules, ids)];
    }),
    ...families.flatMap((family) => [
      ...createAtoms(sets[family].atoms, plan.atoms[family], family, ids),
      ...createPods(sets[family].pods, family, podIds(plan, family, ids)),
      ...createDispatch(sets[family], plan, family, ruleSets),
    ]),
  ];
}

/** Builds only what differs from `state`. Nothing to switch means that the kernel has it all. */
export function incrementalTransition(
  state: KernelState,
  plan: NodePlan,
  epoch: number,
  options: RulesetOptions,
): Transition {
  const generation = state.generation + 1;
  const { ids, fresh, nextId } = allocateIds(state.ids, plan.identities, state.nextId);
  const { chains, created, nextRuleSet } = chainsFor(plan, state.ruleSets, state.nextRuleSet);
  const build: string[] = [];
  for (const chain of created) {
    const rules = plan.ruleSets.get(chain.key) as RuleSet;
    build.push(...createRuleSetChain(chain, rules.common), ...fillRuleSetChain(chain, rules, ids));
  }
  const createdKeys = new Set(created.map((chain) => chain.key));
  for (const chain of chains.values()) {
    if (createdKeys.has(chain.key)) continue;
    build.push(...fillRuleSetChain(chain, plan.ruleSets.get(chain.key) as RuleSet, fresh));
  }
  const fold: string[] = [];
  const sets = perFamily((family): FamilySets => {
    const { delta: _folded, ...kept } = state.sets[family];
    const changed = changedPods(state, plan, family, ids);
    const delta = `delta${family}_${generation}`;
    if (changed.length > 0) {
      build.push(
        ...createPods(
          delta,
          family,
          changed.map(({ address, now }) => [address, now] as const),
        ),
      );
      fold.push(...foldCommands(kept.pods, changed));
    }
    const atoms = `atoms${family}_${generation}`;
    const sameAtoms = atomsText(state.plan, family, state.ids) === atomsText(plan, family, ids);
    if (!sameAtoms) build.push(...createAtoms(atoms, plan.atoms[family], family, ids));
    const dispatch = dispatchNames(plan, family, generation);
    const sameDispatch = dispatchText(state.plan, family, state.ruleSets) === dispatchText(plan, family, chains);
    if (!sameDispatch) build.push(...createDispatch(dispatch, plan, family, chains));
    return {
      ...(sameDispatch ? kept : dispatch),
      atoms: sameAtoms ? kept.atoms : atoms,
      pods: kept.pods,
      ...(changed.length > 0 ? { delta } : {}),
    };
  });
  const next: KernelState = { generation, epoch, plan, ids, nextId, ruleSets: chains, nextRuleSet, sets };
  if (build.length === 0 && epoch === state.epoch && linksText(state.plan) === linksText(plan)) {
    return { build: [], switch: [], retire: [], next: { ...state, plan } };
  }
  return {
    build,
    switch: markedSwitch(next, options),
    retire: [...fold, ...retireCommands(state, next)],
    next,
  };
}

/** The transaction that stops approving and marking, while marks are cleared. */
export function unmarkedSwitch(state: KernelState, options: RulesetOptions): readonly string[] {
  return switchTo({ ...judgementOf(state, options), epoch: undefined });
}

/** The transaction that puts a state's rules in force (again). */
export function markedSwitch(state: KernelState, options: RulesetOptions): readonly string[] {
  return switchTo(judgementOf(state, options));
}

function judgementOf(state: KernelState, options: RulesetOptions): Judgement {
  const { podInterfacePrefix, localRanges } = state.plan;
  return {
    ...options,
    epoch: state.epoch,
    localRanges,
    sets: state.sets,
    ...(podInterfacePrefix === undefined ? {} : { podInterfacePrefix }),
  };
}

function perFamily<T>(make: (family: Family) => T): Readonly<Record<Family, T>> {
  return { 4: make(4), 6: make(6) };
}

function dispatchNames(plan: NodePlan, family: Family, generation: number): DispatchNames {
  const name = (what: string): string => `${what}${family}_${generation}`;
  return {
    ready: name("ready"),
    ...(hasSharedLinks(plan) ? { readyAddress: name("ready_address") } : {}),
    itself: name("itself"),
    ...(judgesOwnNode(plan) ? { ownNode: name("own_node") } : {}),
    egress: name("dispatch_egress"),
    ingress: name("dispatch_ingress"),
  };
}

function podIds(plan: NodePlan, family: Family, ids: ReadonlyMap<string, number>): [string, number][] {
  return [...plan.podIdentities]
    .filter(([, { address }]) => address.family === family)
    .map(([text, { identity }]) => [text, ids.get(identity) as number]);
}

function linksText(plan: NodePlan): string {
  return [plan.podInterfacePrefix ?? "", ...plan.localRanges.map(formatCidr)].join(" ");
}

function atomsText(plan: NodePlan, family: Family, ids: ReadonlyMap<string, number>): string {
  return plan.atoms[family]
    .map(({ first, identity }) => `${formatAddress(first)} ${ids.get(identity) as number}`)
    .join(",");
}
