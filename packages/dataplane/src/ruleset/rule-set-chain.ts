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
import { type Grant, type Grants, everything, grantReader } from "./grants.ts";

/**
 * A rule set as it stands in the kernel: chain `<traffic>_<id>`, a map from identities to grants, and sets that say what each
 * grant allows.
 */
export interface RuleSetChain {
  readonly key: string;
  readonly traffic: Traffic;
  readonly name: string;
  /** The map and sets that it has; its rules read no others. */
  readonly lookups: ReadonlySet<Lookup>;
  /** All that its sets know. */
  readonly grants: Grants;
}

/** `grants` is the map from identities. */
export type Lookup = "grants" | LookupForm;

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

/** The name of a rule set's map or of one of its sets. */
export function lookupName({ name }: Pick<RuleSetChain, "name">, lookup: Lookup): string {
  return `${name}_${lookup}`;
}

/** The map and sets that some grants call for. */
export function lookupsFor(grants: Iterable<Grant>): Set<Lookup> {
  const lookups = new Set<Lookup>();
  for (const { ends } of grants) {
    lookups.add("grants");
    for (const { form } of ends) lookups.add(form);
  }
  return lookups;
}

/** Commands that create a rule set's map, sets and chain, without elements. */
export function createRuleSetChain(chain: RuleSetChain, common: ConnectionSet): string[] {
  const forms = lookupForms.filter((form) => chain.lookups.has(form));
  const isGranting = chain.lookups.has("grants");
  const grants = lookupName(chain, "grants");
  const { traffic } = chain;
  const allowed = traffic === "egress" || traffic === "ingress" ? "return" : `goto ${approve}`;
  const denied = traffic === "ingress" ? "denied_ingress" : "denied_egress";
  const allow = (condition: string): string => `${condition} ${allowed}`.trimStart();
  const rules = [
    // What leads to the others has read the other end's identity already.
    ...(traffic === "own-node" ? families.map((family) => `meta nfproto ipv${family} jump peer_egress${family}`) : []),
    cutMidStream,
    ...commonConditions(common).map(allow),
    // Whoever has no grant keeps the identity's number, which is no grant's.
    ...(isGranting ? [`meta priority set meta priority map @${grants}`, allow(`meta priority ${everything}`)] : []),
    ...forms.flatMap((form) => lookupConditions(form, lookupName(chain, form))).map(allow),
    `meta nfproto ipv4 goto ${denied}4`,
    `goto ${denied}6`,
  ];
  return [
    ...(isGranting ? [`add map inet podwall ${grants} { typeof meta priority : meta priority; }`] : []),
    ...forms.map((form) => `add set inet podwall ${lookupName(chain, form)} ${setTypes[form]}`),
    `add chain inet podwall ${chain.name}`,
    ...rules.map((rule) => `add rule inet podwall ${chain.name} ${rule}`),
  ];
}

/** Identities with their numbers. */
type Numbered = Iterable<readonly [identity: string, id: number]>;

/** The grants of a rule set that it did not have `before`. */
export function newGrants({ grants }: RuleSetChain, before?: RuleSetChain): readonly Grant[] {
  if (before === undefined) return [...grants.values()];
  return grants === before.grants ? [] : [...grants].filter(([key]) => !before.grants.has(key)).map(([, one]) => one);
}

/** Commands that have a rule set know some identities, and the grants that it did not have `before`. */
export function fillRuleSetChain(
  chain: RuleSetChain,
  ruleSet: RuleSet,
  ids: Numbered,
  before?: RuleSetChain,
): string[] {
  const added = newGrants(chain, before);
  const elements = (wanted: LookupForm): string[] =>
    added.flatMap(({ number, ends }) =>
      ends.filter(({ form }) => form === wanted).map(({ text }) => `${number}${text}`),
    );
  return [
    ...lookupForms.flatMap((form) => addElements(lookupName(chain, form), elements(form))),
    ...addElements(
      lookupName(chain, "grants"),
      granted(chain, ruleSet, ids, (id, { number }) => `${id} : ${number}`),
    ),
  ];
}

/** Commands that have a rule set know some identities no more. */
export function drainRuleSetChain(chain: RuleSetChain, ruleSet: RuleSet, ids: Numbered): string[] {
  const keys = granted(chain, ruleSet, ids, (id) => `${id}`);
  return addElements(lookupName(chain, "grants"), keys, "delete");
}

function granted(
  { grants }: RuleSetChain,
  ruleSet: RuleSet,
  ids: Numbered,
  textOf: (id: number, grant: Grant) => string,
): string[] {
  const grantOf = grantReader(ruleSet, grants);
  const texts: string[] = [];
  for (const [identity, id] of ids) {
    const grant = grantOf(identity);
    if (grant !== undefined) texts.push(textOf(id, grant));
  }
  return texts;
}

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
