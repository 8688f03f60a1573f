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
import { addElements } from "./commands.ts";
import { fixedChains, fixedSets, foundation } from "./foundation.ts";
import { switchTo } from "./judge-chains.ts";
import type { DenyWith, FamilySets, Judgement } from "./judgement.ts";
import { type KernelState, setsInUse } from "./kernel-state.ts";
import { type MarkBits, maxEpoch } from "./mark.ts";
import { type ChangedPod, changedPods, foldCommands } from "./pod-changes.ts";
import { chainObjects, removeObjects, retireCommands } from "./retire.ts";
import { createRuleSetChain, fillRuleSetChain } from "./rule-set-chain.ts";

/**
 * How the kernel gets from one state to the next: make before break. `build` adds objects and elements that no packet can
 * meet yet and may take any number of transactions; `switch` is one transaction that replaces the rules of the judge
 * chains, and with them what every packet meets; `retire` takes away what nothing reads any more.
 */
export interface Transition {
  /** Whether the switch adds or deletes only what a packet reads once, and leads packets by the sets and maps they had. */
  readonly isInPlace: boolean;
  /** Whether the switch replaces rules, if only those of the epoch: packets may run through the ones before for a while. */
  readonly replacesRules: boolean;
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
    inDelta: new Set(),
  };
  const build = [...foundation(), ...contentsOf(next)];
  const kept = new Set([...fixedChains, ...fixedSets, ...setsInUse(next), ...chainObjects(chains.values()).all]);
  const retire = removeObjects(
    present.chains.filter((name) => !kept.has(name)),
    present.sets.filter((name) => !kept.has(name)),
  );
  return { isInPlace: false, replacesRules: true, build, switch: markedSwitch(next, options), retire, next };
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
  const { ids, fresh, nextId } = allocateIds(state.ids, plan.identities, state.nextId, state.plan.identities);
  const { chains, created, nextRuleSet } = chainsFor(plan, state.ruleSets, state.nextRuleSet, state.plan);
  const build: string[] = [];
  for (const chain of created) {
    const rules = plan.ruleSets.get(chain.key) as RuleSet;
    build.push(...createRuleSetChain(chain, rules.common), ...fillRuleSetChain(chain, rules, ids));
  }
  const createdKeys = new Set(created.map((chain) => chain.key));
  const fills =
    fresh.size === 0
      ? []
      : [...chains.values()]
          .filter((chain) => !createdKeys.has(chain.key))
          .flatMap((chain) => fillRuleSetChain(chain, plan.ruleSets.get(chain.key) as RuleSet, fresh));
  build.push(...fills);
  const changes = perFamily((family) => changedPods(state, plan, family, ids));
  const fold: string[] = [];
  const sets = perFamily((family): FamilySets => {
    const { delta: _folded, ...kept } = state.sets[family];
    const changed = changes[family];
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
    const sameAtoms =
      state.plan.atoms[family] === plan.atoms[family] ||
      atomsText(state.plan, family, state.ids) === atomsText(plan, family, ids);
    if (!sameAtoms) build.push(...createAtoms(atoms, plan.atoms[family], family, ids));
    const dispatch = dispatchNames(plan, family, generation);
    const sameDispatch =
      (state.plan.localPods === plan.localPods && created.length === 0) ||
      dispatchText(state.plan, family, state.ruleSets) === dispatchText(plan, family, chains);
    if (!sameDispatch) build.push(...createDispatch(dispatch, plan, family, chains));
    return {
      ...(sameDispatch ? kept : dispatch),
      atoms: sameAtoms ? kept.atoms : atoms,
      pods: kept.pods,
      ...(changed.length > 0 ? { delta } : {}),
    };
  });
  const inDelta = new Set(families.flatMap((family) => changes[family].map(({ address }) => address)));
  const next: KernelState = { generation, epoch, plan, ids, nextId, ruleSets: chains, nextRuleSet, sets, inDelta };
  const isSameEpoch = epoch === state.epoch;
  const isSameLinks = linksText(state.plan) === linksText(plan);
  if (build.length === 0 && isSameEpoch && isSameLinks) {
    const unchanged = { ...state, plan };
    return { isInPlace: true, replacesRules: false, build: [], switch: [], retire: [], next: unchanged };
  }
  const isSameDispatch = families.every((family) => sameButPods(state.sets[family], sets[family]));
  const hasSameChains = created.length === 0 && chains.size === state.ruleSets.size;
  // Where epochs run out, marks are cleared between two switches of all rules.
  if (isSameLinks && isSameDispatch && hasSameChains && epoch <= maxEpoch(options.mark)) {
    const elements = families.map((family) => elementInPlace(state, family, changes[family]));
    if (elements.every((commands) => commands !== undefined)) {
      const inPlace = { ...next, sets: state.sets, inDelta: state.inDelta };
      const rules = markedSwitch(inPlace, options, state);
      return {
        isInPlace: true,
        replacesRules: rules.length > 0,
        build: [],
        switch: [...fills, ...elements.flat(), ...rules],
        retire: retireCommands(state, inPlace),
        next: inPlace,
      };
    }
  }
  return {
    isInPlace: false,
    replacesRules: true,
    build,
    switch: markedSwitch(next, options, state),
    retire: [...fold, ...retireCommands(state, next)],
    next,
  };
}

/**
 * The command that changes the one address of a family whose entry in the map of pods is another, in the map itself;
 * undefined where that cannot be. A packet reads each address's entry once, so one that comes or goes is an instant's change
 * like a switch, and a packet that met the entry of before is approved for the epoch of before; one that is replaced could be missed by a look-up on older kernels, and two could be read of two states.
 */
function elementInPlace(state: KernelState, family: Family, changed: readonly ChangedPod[]): string[] | undefined {
  const [one, another] = changed;
  if (one === undefined) return [];
  const comesOrGoes = one.keep !== (one.before !== undefined);
  if (another !== undefined || !comesOrGoes || state.inDelta.has(one.address)) return undefined;
  const { pods } = state.sets[family];
  return one.keep ? addElements(pods, [`${one.address} : ${one.now}`]) : addElements(pods, [one.address], "delete");
}

/** Whether packets are led by the same sets and maps, but for what changed of pods. */
function sameButPods({ delta: _before, ...before }: FamilySets, { delta: _after, ...after }: FamilySets): boolean {
  return Object.entries(before).every(([what, name]) => after[what as keyof typeof after] === name);
}

/** The transaction that stops approving and marking, while marks are cleared. */
export function unmarkedSwitch(state: KernelState, options: RulesetOptions): readonly string[] {
  return switchTo({ ...judgementOf(state, options), epoch: undefined });
}

/** The transaction that puts a state's rules in force (again), after those of another state where that is in force. */
export function markedSwitch(state: KernelState, options: RulesetOptions, before?: KernelState): readonly string[] {
  return switchTo(judgementOf(state, options), before && judgementOf(before, options));
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
