import { type LookupForm, lookupForms } from "./connection-ends.ts";

/** `spans` and `grants` are the maps from identities: by interval, and one by one. */
export type Lookup = "spans" | "grants" | LookupForm;

/** The name of one of a rule set's maps or sets. */
export function lookupName(chain: { readonly name: string }, lookup: Lookup): string {
  return `${chain.name}_${lookup}`;
}

/** Those that are among some, in the order in which they are made. */
export function lookupsIn(some: ReadonlySet<Lookup>): Lookup[] {
  return ([...lookupForms, "spans", "grants"] as const).filter((lookup) => some.has(lookup));
}

/** What the maps are read by. */
export const mapKeys = { spans: "meta priority . meta l4proto", grants: "meta priority" } as const;

/** For intervals of a single field nft would have to know what there is; so any protocol makes them two. */
const mapTypes = {
  spans: `{ typeof ${mapKeys.spans} : meta priority; flags interval; }`,
  grants: `{ typeof ${mapKeys.grants} : meta priority; }`,
} as const;

const setTypes: Readonly<Record<LookupForm, string>> = {
  other: "{ typeof meta priority; }",
  proto: "{ typeof meta priority . meta l4proto; }",
  exact: "{ typeof meta priority . meta l4proto . th dport; }",
  range: "{ typeof meta priority . meta l4proto . th dport; flags interval; }",
};

/** The command that makes one, without elements. */
export function declareLookup(name: string, lookup: Lookup): string {
  return lookup === "spans" || lookup === "grants"
    ? `add map inet podwall ${name} ${mapTypes[lookup]}`
    : `add set inet podwall ${name} ${setTypes[lookup]}`;
}
