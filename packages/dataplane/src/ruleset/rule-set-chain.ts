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
import { type LookupEnds, type LookupForm, connectionEnds, isEveryPort, lookupForms } from "./connection-elements.ts";
import { families } from "./address-family.ts";
import { addElements } from "./commands.ts";

/** A rule set as it stands in the kernel: chain `<traffic>_<id>` and its lookup sets. */
export interface RuleSetChain {
  readonly key: string;
  readonly traffic: Traffic;
  readonly name: string;
  /** The forms it has a set for. An identity that needs another form needs another chain. */
  readonly forms: ReadonlySet<LookupForm>;
}

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

/** The lookup set of one form. */
export function lookupSet(chain: RuleSetChain, form: LookupForm): string {
  return `${chain.name}_${form}`;
}

/** The forms a rule set needs for its identities, or for some. */
export function formsOf({ byIdentity, common }: RuleSet, identities?: Iterable<string>): Set<LookupForm> {
  const forms = new Set<LookupForm>();
  const sets = identities === undefined ? byIdentity.values() : allowedOf(byIdentity, identities);
  for (const allowed of new Set(sets)) {
    const ends = connectionEnds(allowed, common);
    for (const form of lookupForms) if (ends[form].length > 0) forms.add(form);
  }
  return forms;
}

function* allowedOf(byIdentity: RuleSet["byIdentity"], identities: Iterable<string>): Generator<ConnectionSet> {
  for (const identity of identities) {
    const allowed = byIdentity.get(identity);
    if (allowed !== undefined) yield allowed;
  }
}

/** Commands that create a rule set's sets and chain, without elements. */
export function createRuleSetChain(chain: RuleSetChain, common: ConnectionSet): string[] {
  const sets = lookupForms
    .filter((form) => chain.forms.has(form))
    .map((form) => `add set inet podwall ${lookupSet(chain, form)} ${setTypes[form]}`);
  const { traffic } = chain;
  const allowed = traffic === "egress" || traffic === "ingress" ? "return" : `goto ${approve}`;
  const denied = traffic === "ingress" ? "denied_ingress" : "denied_egress";
  const rules = [
    // What leads to the others has read the other end's identity already.
    ...(traffic === "own-node" ? families.map((family) => `meta nfproto ipv${family} jump peer_egress${family}`) : []),
    cutMidStream,
    ...[
      ...commonConditions(common),
      ...lookupForms
        .filter((form) => chain.forms.has(form))
        .flatMap((form) => lookupConditions(form, lookupSet(chain, form))),
    ].map((condition) => `${condition} ${allowed}`.trimStart()),
    `meta nfproto ipv4 goto ${denied}4`,
    `goto ${denied}6`,
  ];
  return [
    ...sets,
    `add chain inet podwall ${chain.name}`,
    ...rules.map((rule) => `add rule inet podwall ${chain.name} ${rule}`),
  ];
}

/** Commands that fill a rule set's lookup sets for some identities. */
export function fillRuleSetChain(
  chain: RuleSetChain,
  ruleSet: RuleSet,
  ids: Iterable<readonly [identity: string, id: number]>,
): string[] {
  return elementCommands(chain, ruleSet, ids, "add");
}

/** Commands that take identities out of a rule set's lookup sets. */
export function drainRuleSetChain(
  chain: RuleSetChain,
  ruleSet: RuleSet,
  ids: Iterable<readonly [identity: string, id: number]>,
): string[] {
  return elementCommands(chain, ruleSet, ids, "delete");
}

function elementCommands(
  chain: RuleSetChain,
  ruleSet: RuleSet,
  ids: Iterable<readonly [identity: string, id: number]>,
  verb: "add" | "delete",
): string[] {
  const byForm: Record<LookupForm, string[]> = {
    any: [],
    other: [],
    proto: [],
    exact: [],
    range: [],
  };
  // Many identities are allowed the same.
  const known = new Map<ConnectionSet, LookupEnds>();
  for (const [identity, id] of ids) {
    const allowed = ruleSet.byIdentity.get(identity);
    if (allowed === undefined) continue;
    const ends = known.get(allowed) ?? connectionEnds(allowed, ruleSet.common);
    known.set(allowed, ends);
    for (const form of lookupForms) for (const end of ends[form]) byForm[form].push(`${id}${end}`);
  }
  return lookupForms.flatMap((form) => addElements(lookupSet(chain, form), byForm[form], verb));
}

const setTypes: Readonly<Record<LookupForm, string>> = {
  any: "{ typeof meta priority; }",
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
    case "any":
      return [`meta priority @${set}`];
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
