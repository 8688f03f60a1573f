import { type Family, type NodePlan, type RuleSet, formatAddress, formatCidr } from "@podwall/engine";
import { families, perFamily } from "./address-family.ts";
import { allocateIds, chainsFor } from "./allocate.ts";
import { type DispatchChange, dispatchChange } from "./dispatch-change.ts";
import { dispatchOf } from "./dispatch.ts";
import type { KernelState } from "./kernel-state.ts";
import { type ChangedPod, changedPods } from "./pod-changes.ts";
import { createPodChains } from "./pod-chains.ts";
import type { RulesetOptions } from "./transition.ts";
import { partsFor } from "./chain-parts.ts";
import { type RuleSetChain, createRuleSetChain, fillRuleSetChain, newGrants } from "./rule-set-chain.ts";

/** How a plan differs from what the kernel has. */
export interface NodeChange {
  readonly ids: ReadonlyMap<string, number>;
  readonly nextId: number;
  readonly chains: ReadonlyMap<string, RuleSetChain>;
  readonly nextChain: number;
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

export function nodeChange(state: KernelState, plan: NodePlan, { sparing }: RulesetOptions): NodeChange {
  const numbers = allocateIds(state.ids, plan.identities, state.nextId, state.plan.identities);
  const { ids, fresh, nextId } = numbers;
  const { chains, created, nextChain } = chainsFor(plan, state.ruleSets, state.nextChain, numbers, sparing);
  const rulesOf = ({ key }: RuleSetChain): RuleSet => plan.ruleSets.get(key) as RuleSet;
  const stayed = (fresh.size === 0 ? [] : [...chains.values()]).flatMap((chain) => {
    const before = state.ruleSets.get(chain.key);
    // A rule set that is the same object allows nobody who is new anything of its own.
    const isSame = state.plan.ruleSets.get(chain.key) === plan.ruleSets.get(chain.key);
    return isSame || before?.name !== chain.name ? [] : [{ chain, before }];
  });
  const granted = [
    ...created.flatMap(({ grants }) => [...grants.values()]),
    ...stayed.flatMap(({ chain, before }) => newGrants(chain, before)),
  ];
  const hasSameDispatch = state.plan.localPods === plan.localPods && created.length === 0;
  let next = nextChain;
  const dispatches = perFamily((family) => {
    if (hasSameDispatch) return undefined;
    const made = dispatchOf(plan, family, chains, next, state);
    next = made.nextChain;
    return dispatchChange(state.dispatch[family], made.dispatch);
  });
  return {
    ids,
    nextId,
    chains,
    nextChain: next,
    creates: [
      ...created.flatMap((chain) => createRuleSetChain(chain, rulesOf(chain), ids)),
      ...createPodChains(families.flatMap((family) => dispatches[family]?.created ?? [])),
    ],
    fills: stayed.flatMap(({ chain, before }) => fillRuleSetChain(chain, rulesOf(chain), fresh, before)),
    fillsIntervals: partsFor(granted).lookups.has("range") || created.some(({ spans }) => spans.length > 0),
    families: perFamily((family) => {
      const dispatch = dispatches[family];
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
  const { ids, nextId, chains, nextChain } = change;
  return {
    ...reached,
    ids,
    nextId,
    ruleSets: chains,
    nextChain,
    dispatch: perFamily((family) => change.families[family].dispatch?.now ?? dispatch[family]),
  };
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
