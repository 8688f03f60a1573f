import type { RuleSet } from "@podwall/engine";
import { fakeNft } from "../nft/fake-nft.ts";
import type { Nft } from "../nft/nft.ts";
import { fixedChains, fixedSets, foundation } from "../ruleset/foundation.ts";
import { type KernelState, setsInUse } from "../ruleset/kernel-state.ts";
import { createRuleSetChain } from "../ruleset/rule-set-chain.ts";
import { chainObjects } from "../ruleset/retire.ts";
import { contentsOf } from "../ruleset/full-transition.ts";
import { type RulesetOptions, markedSwitch } from "../ruleset/transition.ts";
import { store } from "../stored-state.ts";

/** The names of all chains and sets that a table in this state has. */
export function expectedNames(state: KernelState): ReadonlySet<string> {
  return new Set([...fixedChains, ...fixedSets, ...setsInUse(state), ...chainObjects(state.ruleSets.values()).all]);
}

/** How many rules each chain has, where it has any. */
export function expectedRuleCounts(state: KernelState, options: RulesetOptions): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const chains = [...state.ruleSets.values()].flatMap((chain) =>
    createRuleSetChain(chain, (state.plan.ruleSets.get(chain.key) as RuleSet).common),
  );
  for (const command of [...chains, ...markedSwitch(state, options)]) {
    const chain = /^add rule inet podwall (\S+) /.exec(command)?.[1];
    if (chain !== undefined) counts.set(chain, (counts.get(chain) ?? 0) + 1);
  }
  return counts;
}

/** A table in this state, without what packets leave in it. */
export async function expectedTable(state: KernelState): Promise<Nft> {
  const table = fakeNft();
  await table.run([...foundation(), ...contentsOf(state), ...store(state)]);
  return table;
}
