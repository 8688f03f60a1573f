import { type Family, type NodePlan, type RuleSet, formatAddress, formatCidr } from "@podwall/engine";
import { perFamily } from "./address-family.ts";
import { allocateIds, chainsFor } from "./allocate.ts";
import { type Dispatch, dispatchOf, elementText } from "./dispatch.ts";
import type { DispatchKind } from "./judgement.ts";
import type { KernelState } from "./kernel-state.ts";
import { type ChangedPod, changedPods } from "./pod-changes.ts";
import { type RuleSetChain, createRuleSetChain, fillRuleSetChain } from "./rule-set-chain.ts";

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
  /** Those that are others than before, or new. */
  readonly changed: ReadonlySet<DispatchKind>;
}

export function nodeChange(state: KernelState, plan: NodePlan): NodeChange {
  const { ids, fresh, nextId } = allocateIds(state.ids, plan.identities, state.nextId, state.plan.identities);
  const { chains, created, nextRuleSet } = chainsFor(plan, state.ruleSets, state.nextRuleSet, state.plan);
  const rulesOf = ({ key }: RuleSetChain): RuleSet => plan.ruleSets.get(key) as RuleSet;
  const createdKeys = new Set(created.map(({ key }) => key));
  const stay = fresh.size === 0 ? [] : [...chains.values()].filter(({ key }) => !createdKeys.has(key));
  const filled = stay
    .map((chain) => ({ chain, commands: fillRuleSetChain(chain, rulesOf(chain), fresh) }))
    .filter(({ commands }) => commands.length > 0);
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
    fills: filled.flatMap(({ commands }) => commands),
    fillsIntervals: [...created, ...filled.map(({ chain }) => chain)].some(({ forms }) => forms.has("range")),
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
    hasSameLinks: linksText(state.plan) === linksText(plan),
  };
}

function dispatchChange(
  state: KernelState,
  plan: NodePlan,
  family: Family,
  chains: ReadonlyMap<string, RuleSetChain>,
): DispatchChange | undefined {
  const before = dispatchOf(state.plan, family, state.ruleSets);
  const now = dispatchOf(plan, family, chains);
  const changed = new Set([...now.keys()].filter((kind) => textOf(before, kind) !== textOf(now, kind)));
  return changed.size === 0 && before.size === now.size ? undefined : { before, now, changed };
}

/** One text for each content; undefined for what is not there. */
function textOf(dispatch: Dispatch, kind: DispatchKind): string | undefined {
  const set = dispatch.get(kind);
  return set && [...set.elements.values()].map(elementText).sort().join("\n");
}

function atomsText(plan: NodePlan, family: Family, ids: ReadonlyMap<string, number>): string {
  return plan.atoms[family]
    .map(({ first, identity }) => `${formatAddress(first)} ${ids.get(identity) as number}`)
    .join(",");
}

function linksText(plan: NodePlan): string {
  return [plan.podInterfacePrefix ?? "", ...plan.localRanges.map(formatCidr)].join(" ");
}
