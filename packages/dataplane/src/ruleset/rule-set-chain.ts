import type { RuleSet, Traffic } from "@podwall/engine";
import type { ChainParts } from "./chain-parts.ts";
import { chainRules } from "./chain-rules.ts";
import { addElements } from "./commands.ts";
import { lookupForms } from "./connection-ends.ts";
import { type Grant, type Grants, grantOf } from "./grants.ts";
import { type Lookup, declareLookup, lookupName, lookupsIn } from "./lookups.ts";
import { type Span, isInSpans } from "./spans.ts";

/**
 * A rule set as it stands in the kernel: chain `<traffic>_<id>`, maps from identities to grants, and sets that say what each
 * grant allows.
 */
export interface RuleSetChain extends ChainParts {
  readonly key: string;
  readonly traffic: Traffic;
  readonly name: string;
  /** All that its sets know. */
  readonly grants: Grants;
  /** What it was created with, which is never changed. Who is in none is in the map one by one. */
  readonly spans: readonly Span[];
}

/** How the chains of each traffic's rule sets begin. */
export const chainWords: Readonly<Record<Traffic, string>> = {
  egress: "egress",
  ingress: "ingress",
  "own-node": "own_node",
  itself: "itself",
};

/** Commands that create a rule set's maps and sets with what they hold, and its chain after them. */
export function createRuleSetChain(chain: RuleSetChain, rules: RuleSet, ids: Ids): string[] {
  const grants = [...chain.grants.values()];
  return [
    ...lookupsIn(chain.lookups).flatMap((lookup) => {
      const name = lookupName(chain, lookup);
      return [declareLookup(name, lookup), ...addElements(name, elementsIn(lookup, chain, rules, ids, grants))];
    }),
    `add chain inet podwall ${chain.name}`,
    ...chainRules(chain, rules.common).map((rule) => `add rule inet podwall ${chain.name} ${rule}`),
  ];
}

/** The numbers of identities. */
type Ids = ReadonlyMap<string, number>;

/** The grants of a rule set that it did not have `before`. */
export function newGrants({ grants }: RuleSetChain, before: RuleSetChain): readonly Grant[] {
  return grants === before.grants ? [] : [...grants].filter(([key]) => !before.grants.has(key)).map(([, one]) => one);
}

/** Commands that have a rule set that stays know some identities, and the grants that it did not have `before`. */
export function fillRuleSetChain(chain: RuleSetChain, ruleSet: RuleSet, ids: Ids, before: RuleSetChain): string[] {
  const added = newGrants(chain, before);
  const lookups: readonly Lookup[] = added.length > 0 ? [...lookupForms, "grants"] : ["grants"];
  return lookups.flatMap((lookup) =>
    addElements(lookupName(chain, lookup), elementsIn(lookup, chain, ruleSet, ids, added)),
  );
}

/** What one of a chain's maps and sets holds of some identities and grants. */
function elementsIn(
  lookup: Lookup,
  chain: RuleSetChain,
  ruleSet: RuleSet,
  ids: Ids,
  grants: readonly Grant[],
): string[] {
  switch (lookup) {
    case "spans":
      return chain.spans.map(({ first, last, grant }) => `${first}-${last} . 0-255 : ${grant}`);
    case "grants":
      return granted(chain, ruleSet, ids, (id, { number }) => `${id} : ${number}`);
    default:
      return grants.flatMap(({ number, ends }) =>
        ends.filter(({ form }) => form === lookup).map(({ text }) => `${number}${text}`),
      );
  }
}

/** Commands that have a rule set know some identities no more. */
export function drainRuleSetChain(chain: RuleSetChain, ruleSet: RuleSet, ids: Ids): string[] {
  const keys = granted(chain, ruleSet, ids, (id) => `${id}`);
  return addElements(lookupName(chain, "grants"), keys, "delete");
}

function granted(
  { grants, spans }: RuleSetChain,
  ruleSet: RuleSet,
  ids: Ids,
  textOf: (id: number, grant: Grant) => string,
): string[] {
  const texts: string[] = [];
  // Whoever is in one of the two alone has none.
  const fewest = ids.size < ruleSet.byIdentity.size ? ids : ruleSet.byIdentity;
  for (const identity of fewest.keys()) {
    const id = ids.get(identity);
    const grant = id === undefined || isInSpans(spans, id) ? undefined : grantOf(identity, ruleSet, grants);
    if (id !== undefined && grant !== undefined) texts.push(textOf(id, grant));
  }
  return texts;
}
