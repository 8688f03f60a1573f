import { type Family, type NodePlan, type RuleSet, formatAddress, formatCidr } from "@podwall/engine";
import { perFamily } from "./address-family.ts";
import { allocateIds, chainsFor } from "./allocate.ts";
import { type Dispatch, type DispatchSet, dispatchOf } from "./dispatch.ts";
import type { DispatchKind } from "./judgement.ts";
import type { KernelState } from "./kernel-state.ts";
import { type ChangedPod, changedPods } from "./pod-changes.ts";
import type { RulesetOptions } from "./transition.ts";
import { type RuleSetChain, createRuleSetChain, fillRuleSetChain, lookupsFor, newGrants } from "./rule-set-chain.ts";

/** How a plan differs from what the kernel has. */
export interface NodeChange {
  readonly ids: ReadonlyMap<string, number>;
  readonly nextId: number;
  readonly chains: ReadonlyMap<string, RuleSetChain>;
  readonly nextRuleSet: number;
  /** Commands that make the chains that there are not yet. */
  readonly creates: readonly string[];
  /** Commands that have the chains that stay know new identities, which no address has yet. */
  readonly fills: readonly string[];
  readonly families: Readonly<Record<Family, FamilyChange>>;
  /**
   * Whether `creates` or `fills` put something in a set of intervals. The kernel gives those to packets a moment after the rules of the
   * same transaction (Linux `nf_tables_commit`, `nft_set_commit_update`), other elements with them.
   */
  readonly fillsIntervals: boolean;
  /** Whether the same links and ranges are this node's pods'. */
  readonly hasSameLinks: boolean;
}

export interface FamilyChange {
  readonly pods: readonly ChangedPod[];
  readonly hasSameAtoms: boolean;
  /** Absent where it is the same. */
  readonly dispatch?: DispatchChange;
}

export interface DispatchChange {
  readonly before: Dispatch;
  readonly now: Dispatch;
  /** Of those whose elements are others than before, or that are new. */
  readonly changed: ReadonlyMap<DispatchKind, ElementChange>;
}

/** Addresses whose element in a set or map came, went, or is another. */
export interface ElementChange {
  readonly came: readonly string[];
  readonly gone: readonly string[];
  readonly others: readonly string[];
}

export function nodeChange(state: KernelState, plan: NodePlan, { sparing }: RulesetOptions): NodeChange {
  const numbers = allocateIds(state.ids, plan.identities, state.nextId, state.plan.identities);
  const { ids, fresh, nextId } = numbers;
  const { chains, created, nextRuleSet } = chainsFor(plan, state.ruleSets, state.nextRuleSet, numbers, sparing);
  const rulesOf = ({ key }: RuleSetChain): RuleSet => plan.ruleSets.get(key) as RuleSet;
  const createdKeys = new Set(created.map(({ key }) => key));
  const stay = fresh.size === 0 ? [] : [...chains.values()].filter(({ key }) => !createdKeys.has(key));
  const before = (chain: RuleSetChain): RuleSetChain | undefined => state.ruleSets.get(chain.key);
  const granted = [
    ...created.flatMap((chain) => newGrants(chain)),
    ...stay.flatMap((chain) => newGrants(chain, before(chain))),
  ];
  const hasSameDispatch = state.plan.localPods === plan.localPods && created.length === 0;
  return {
    ids,
    nextId,
    chains,
    nextRuleSet,
    creates: created.flatMap((chain) => [
      ...createRuleSetChain(chain, rulesOf(chain).common),
      ...fillRuleSetChain(chain, rulesOf(chain), ids),
    ]),
    fills: stay.flatMap((chain) => fillRuleSetChain(chain, rulesOf(chain), fresh, before(chain))),
    fillsIntervals: lookupsFor(granted).has("range") || created.some(({ spans }) => spans.length > 0),
    families: perFamily((family) => {
      const dispatch = hasSameDispatch ? undefined : dispatchChange(state, plan, family, chains);
      return {
        pods: changedPods(state, plan, family, ids),
        hasSameAtoms:
          state.plan.atoms[family] === plan.atoms[family] ||
          atomsText(state.plan, family, state.ids) === atomsText(plan, family, ids),
        ...(dispatch === undefined ? {} : { dispatch }),
      };
    }),
    hasSameLinks: hasSameLinks(state.plan, plan),
  };
}

/** What a transition says of a state of its own. */
type Reached = Pick<KernelState, "generation" | "epoch" | "plan" | "sets" | "unsettled">;

/** The state that a change leads to. */
export function stateAfter({ dispatch }: KernelState, change: NodeChange, reached: Reached): KernelState {
  const { ids, nextId, chains, nextRuleSet } = change;
  return {
    ...reached,
    ids,
    nextId,
    ruleSets: chains,
    nextRuleSet,
    dispatch: perFamily((family) => change.families[family].dispatch?.now ?? dispatch[family]),
  };
}

function dispatchChange(
  state: KernelState,
  plan: NodePlan,
  family: Family,
  chains: ReadonlyMap<string, RuleSetChain>,
): DispatchChange | undefined {
  const before = state.dispatch[family];
  const now = dispatchOf(plan, family, chains);
  const changed = new Map<DispatchKind, ElementChange>();
  for (const [kind, { elements }] of now) {
    const change = elementChange(before.get(kind)?.elements, elements);
    if (change !== undefined) changed.set(kind, change);
  }
  return changed.size === 0 && before.size === now.size ? undefined : { before, now, changed };
}

/** Undefined where they are the same; `before` is undefined where there was no such set. */
function elementChange(
  before: DispatchSet["elements"] | undefined,
  now: DispatchSet["elements"],
): ElementChange | undefined {
  const came: string[] = [];
  const others: string[] = [];
  for (const [address, element] of now) {
    const was = before?.get(address);
    if (was === undefined) came.push(address);
    else if (was !== element && (was.key !== element.key || was.verdict !== element.verdict)) others.push(address);
  }
  const stayed = now.size - came.length;
  const gone = before === undefined || before.size === stayed ? [] : [...before.keys()].filter((one) => !now.has(one));
  return before !== undefined && came.length + others.length + gone.length === 0 ? undefined : { came, gone, others };
}

function atomsText(plan: NodePlan, family: Family, ids: ReadonlyMap<string, number>): string {
  return plan.atoms[family]
    .map(({ first, identity }) => `${formatAddress(first)} ${ids.get(identity) as number}`)
    .join(",");
}

function hasSameLinks(before: NodePlan, now: NodePlan): boolean {
  return (
    (before.localRanges === now.localRanges && before.podInterfacePrefix === now.podInterfacePrefix) ||
    linksText(before) === linksText(now)
  );
}

function linksText(plan: NodePlan): string {
  return [plan.podInterfacePrefix ?? "", ...plan.localRanges.map(formatCidr)].join(" ");
}
