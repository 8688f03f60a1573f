import type { NodePlan } from "@podwall/engine";
import type { LookupForm } from "./connection-elements.ts";
import { type RuleSetChain, chainWords, formsOf } from "./rule-set-chain.ts";

/** Numbers of identities. */
type Ids = ReadonlyMap<string, number>;

/** Numbers for identities: the ones they have, and new ones that no packet can carry yet. `before` are those that are known. */
export function allocateIds(
  known: Ids,
  identities: ReadonlySet<string>,
  nextId: number,
  before?: ReadonlySet<string>,
): { readonly ids: Ids; readonly fresh: Ids; readonly nextId: number } {
  if (identities === before) return { ids: known, fresh: new Map(), nextId };
  const ids = new Map<string, number>();
  const fresh = new Map<string, number>();
  let next = nextId;
  for (const key of identities) {
    const id = known.get(key) ?? next++;
    ids.set(key, id);
    if (!known.has(key)) fresh.set(key, id);
  }
  return { ids, fresh, nextId: next };
}

/**
 * The chains a plan needs: those it has already, where they have all the sets that its identities call for, and new ones.
 * `fresh` are the identities that the known ones do not know: what a rule set allows any other is as it was.
 */
export function chainsFor(
  plan: Pick<NodePlan, "ruleSets">,
  known: ReadonlyMap<string, RuleSetChain>,
  nextRuleSet: number,
  fresh: Ids,
): { readonly chains: Map<string, RuleSetChain>; readonly created: RuleSetChain[]; readonly nextRuleSet: number } {
  const chains = new Map<string, RuleSetChain>();
  const created: RuleSetChain[] = [];
  let next = nextRuleSet;
  for (const rules of plan.ruleSets.values()) {
    let chain = known.get(rules.key);
    if (chain === undefined || !hasForms(chain, formsOf(rules, fresh.keys()))) {
      const forms = formsOf(rules);
      chain = { key: rules.key, traffic: rules.traffic, name: `${chainWords[rules.traffic]}_${next++}`, forms };
      created.push(chain);
    }
    chains.set(rules.key, chain);
  }
  return { chains, created, nextRuleSet: next };
}

function hasForms(chain: RuleSetChain, forms: ReadonlySet<LookupForm>): boolean {
  return [...forms].every((form) => chain.forms.has(form));
}
