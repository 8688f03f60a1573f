import { LayeredMap, type NodePlan, type RuleSet } from "@podwall/engine";
import { type Grants, everything, grantsFor } from "./grants.ts";
import { identityChanges } from "./identity-changes.ts";
import { hasParts, partsFor } from "./chain-parts.ts";
import { type RuleSetChain, chainWords } from "./rule-set-chain.ts";
import { spansOf } from "./spans.ts";

/** Numbers of identities. */
type Ids = ReadonlyMap<string, number>;

const nobody: ReadonlySet<string> = new Set();

/**
 * Numbers for identities: the ones that those `before` have, who are all that are known, and new ones that no packet can carry yet.
 * Throws when there are none left below the numbers of grants: then all is to be built anew, from 1 on.
 */
export function allocateIds(
  known: Ids,
  identities: ReadonlySet<string>,
  nextId: number,
  before = nobody,
): { readonly ids: Ids; readonly fresh: Ids; readonly nextId: number } {
  const { gone, came } = identityChanges(before, identities);
  if (gone.length + came.length === 0) return { ids: known, fresh: new Map(), nextId };
  // Keys that begin alike answer alike, and often are allowed alike: their numbers follow each other.
  const fresh = new Map([...came].sort().map((key, index) => [key, nextId + index]));
  const next = nextId + fresh.size;
  if (next > everything) throw new RangeError("no number is left for an identity");
  const ids = LayeredMap.of(known).with([...gone.map((key) => [key, undefined] as const), ...fresh]);
  return { ids, fresh, nextId: next };
}

/**
 * The chains a plan needs: those it has already, with grants for what its identities call for, where they have all the sets for them, and
 * new ones. `fresh` are the identities that the known ones do not know: what a rule set allows any other is as it was. New ones keep
 * identities by interval where that spares so many elements.
 */
export function chainsFor(
  plan: Pick<NodePlan, "ruleSets">,
  known: ReadonlyMap<string, RuleSetChain>,
  nextChain: number,
  { ids, fresh }: { readonly ids: Ids; readonly fresh: Ids },
  sparing: number,
): { readonly chains: Map<string, RuleSetChain>; readonly created: RuleSetChain[]; readonly nextChain: number } {
  const chains = new Map<string, RuleSetChain>();
  const created: RuleSetChain[] = [];
  let next = nextChain;
  for (const rules of plan.ruleSets.values()) {
    const before = known.get(rules.key);
    let chain = before && withGrants(before, grantsFor(rules, fresh.keys(), before.grants), rules);
    if (chain === undefined) {
      const { key, traffic } = rules;
      const grants = grantsFor(rules, rules.byIdentity.keys());
      const spans = spansOf(rules, grants, ids, sparing);
      const { lookups, portRules } = partsFor(grants.values(), spans);
      chain = { key, traffic, name: `${chainWords[traffic]}_${next++}`, lookups, portRules, grants, spans };
      created.push(chain);
    }
    chains.set(rules.key, chain);
  }
  return { chains, created, nextChain: next };
}

/** Grants that no identity has any more stay in a chain's sets, but not so many. */
const fewGrants = 64;

/** Undefined where a chain lacks a set or a rule for its grants, or most of them are of nobody. */
function withGrants(chain: RuleSetChain, grants: Grants, { byIdentity }: RuleSet): RuleSetChain | undefined {
  if (grants === chain.grants) return chain;
  if (!hasParts(chain, partsFor(grants.values()))) return undefined;
  if (grants.size > fewGrants && grants.size > 2 * new Set(byIdentity.values()).size) return undefined;
  return { ...chain, grants };
}
