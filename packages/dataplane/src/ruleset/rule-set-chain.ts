import {
  type ConnectionSet,
  type RuleSet,
  type Traffic,
  allConnections,
  formatPorts,
  isEmpty,
  isSubset,
  protocols,
} from "@podwall/engine";
import { families } from "./address-family.ts";
import { addElements } from "./commands.ts";
import { type LookupForm, isEveryPort, lookupForms } from "./connection-ends.ts";
import { type Grant, type Grants, everything, grantOf } from "./grants.ts";
import { type Span, isInSpans } from "./spans.ts";

/**
 * A rule set as it stands in the kernel: chain `<traffic>_<id>`, maps from identities to grants, and sets that say what each
 * grant allows.
 */
export interface RuleSetChain {
  readonly key: string;
  readonly traffic: Traffic;
  readonly name: string;
  /** The maps and sets that it has; its rules read no others. */
  readonly lookups: ReadonlySet<Lookup>;
  /** All that its sets know. */
  readonly grants: Grants;
  /** What it was created with, which is never changed. Who is in none is in the map one by one. */
  readonly spans: readonly Span[];
}

/** `spans` and `grants` are the maps from identities: by interval, and one by one. */
export type Lookup = "spans" | "grants" | LookupForm;

/** How the chains of each traffic's rule sets begin. */
export const chainWords: Readonly<Record<Traffic, string>> = {
  egress: "egress",
  ingress: "ingress",
  "own-node": "own_node",
  itself: "itself",
};

/** Where what a rule set allows goes on that no other has a say in. */
export const approve = "approve";

/** A connection picked up in mid-stream has its direction from whoever spoke first, so it cannot be judged. */
export const cutMidStream = "meta l4proto tcp ct state new tcp flags & (fin | syn | rst | ack) != syn goto cut";

/** The name of one of a rule set's maps or sets. */
export function lookupName({ name }: Pick<RuleSetChain, "name">, lookup: Lookup): string {
  return `${name}_${lookup}`;
}

/** The map of single identities and the sets that some grants call for. */
export function lookupsFor(grants: Iterable<Grant>): Set<Lookup> {
  const lookups = new Set<Lookup>();
  for (const { ends } of grants) {
    lookups.add("grants");
    for (const { form } of ends) lookups.add(form);
  }
  return lookups;
}

/** Commands that create a rule set's maps, sets and chain, without elements. */
export function createRuleSetChain(chain: RuleSetChain, common: ConnectionSet): string[] {
  const forms = lookupForms.filter((form) => chain.lookups.has(form));
  const maps = (["spans", "grants"] as const).filter((map) => chain.lookups.has(map));
  const { traffic } = chain;
  const allowed = traffic === "egress" || traffic === "ingress" ? "return" : `goto ${approve}`;
  const denied = traffic === "ingress" ? "denied_ingress" : "denied_egress";
  const allow = (condition: string): string => `${condition} ${allowed}`.trimStart();
  const rules = [
    // What leads to the others has read the other end's identity already.
    ...(traffic === "own-node" ? families.map((family) => `meta nfproto ipv${family} jump peer_egress${family}`) : []),
    cutMidStream,
    ...commonConditions(common).map(allow),
    // Whoever is in neither keeps the identity's number, which is no grant's.
    ...maps.map((map) => `meta priority set ${mapKeys[map]} map @${lookupName(chain, map)}`),
    ...(maps.length > 0 ? [allow(`meta priority ${everything}`)] : []),
    ...forms.flatMap((form) => lookupConditions(form, lookupName(chain, form))).map(allow),
    `meta nfproto ipv4 goto ${denied}4`,
    `goto ${denied}6`,
  ];
  return [
    ...maps.map((map) => `add map inet podwall ${lookupName(chain, map)} ${mapTypes[map]}`),
    ...forms.map((form) => `add set inet podwall ${lookupName(chain, form)} ${setTypes[form]}`),
    `add chain inet podwall ${chain.name}`,
    ...rules.map((rule) => `add rule inet podwall ${chain.name} ${rule}`),
  ];
}

/** The numbers of identities. */
type Ids = ReadonlyMap<string, number>;

/** The grants of a rule set that it did not have `before`. */
export function newGrants({ grants }: RuleSetChain, before?: RuleSetChain): readonly Grant[] {
  if (before === undefined) return [...grants.values()];
  return grants === before.grants ? [] : [...grants].filter(([key]) => !before.grants.has(key)).map(([, one]) => one);
}

/** Commands that have a rule set know some identities, and the grants that it did not have `before`. */
export function fillRuleSetChain(chain: RuleSetChain, ruleSet: RuleSet, ids: Ids, before?: RuleSetChain): string[] {
  const spans = before === undefined ? chain.spans : [];
  return [
    ...fillForms(chain, newGrants(chain, before)),
    ...addElements(
      lookupName(chain, "spans"),
      spans.map(({ first, last, grant }) => `${first}-${last} . 0-255 : ${grant}`),
    ),
    ...addElements(
      lookupName(chain, "grants"),
      granted(chain, ruleSet, ids, (id, { number }) => `${id} : ${number}`),
    ),
  ];
}

/** Commands that put what grants hold in the sets for it. */
function fillForms(chain: RuleSetChain, grants: readonly Grant[]): string[] {
  if (grants.length === 0) return [];
  const elements = (wanted: LookupForm): string[] =>
    grants.flatMap(({ number, ends }) =>
      ends.filter(({ form }) => form === wanted).map(({ text }) => `${number}${text}`),
    );
  return lookupForms.flatMap((form) => addElements(lookupName(chain, form), elements(form)));
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

const mapKeys = { spans: "meta priority . meta l4proto", grants: "meta priority" } as const;

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

/** nft 1.0.6 reads `ct reply proto-src` only where the protocol is pinned, hence a rule for each. */
const withPorts = ["tcp", "udp", "sctp"] as const;

/** When a lookup set allows a connection. */
function lookupConditions(form: LookupForm, set: string): string[] {
  switch (form) {
    case "other":
      return [`meta l4proto != { tcp, udp, sctp } meta priority @${set}`];
    case "proto":
      return [`meta priority . meta l4proto @${set}`];
    case "exact":
    case "range":
      return withPorts.map(
        (protocol) => `meta l4proto ${protocol} meta priority . meta l4proto . ct reply proto-src @${set}`,
      );
  }
}

/** When a connection is allowed whatever the identity. */
function commonConditions(common: ConnectionSet): string[] {
  if (isEmpty(common)) return [];
  if (isSubset(allConnections, common)) return [""];
  const conditions = common.other ? ["meta l4proto != { tcp, udp, sctp }"] : [];
  for (const protocol of protocols) {
    const word = protocol.toLowerCase();
    if (isEveryPort(common, protocol)) conditions.push(`meta l4proto ${word}`);
    else if (common[protocol].length > 0) {
      conditions.push(`meta l4proto ${word} ct reply proto-src { ${formatPorts(common[protocol])} }`);
    }
  }
  return conditions;
}
