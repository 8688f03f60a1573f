import type { RuleSet } from "@podwall/engine";
import { fakeNft } from "../nft/fake-nft.ts";
import type { Nft } from "../nft/nft.ts";
import { families } from "../ruleset/address-family.ts";
import { foundation } from "../ruleset/foundation.ts";
import { contentsOf } from "../ruleset/full-transition.ts";
import type { KernelState } from "../ruleset/kernel-state.ts";
import { podChainsOf } from "../ruleset/dispatch.ts";
import { chainRules } from "../ruleset/chain-rules.ts";
import { type RulesetOptions, markedSwitch } from "../ruleset/transition.ts";
import { store } from "../stored-state.ts";

/** How many rules each chain has, where it has any. */
export function expectedRuleCounts(state: KernelState, options: RulesetOptions): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const chain of state.ruleSets.values()) {
    counts.set(chain.name, chainRules(chain, (state.plan.ruleSets.get(chain.key) as RuleSet).common).length);
  }
  for (const family of families) for (const { name } of podChainsOf(state.dispatch[family])) counts.set(name, 1);
  for (const command of markedSwitch(state, options)) {
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
