import {
  type ConnectionSet,
  type Direction,
  type Traffic,
  allConnections,
  formatPorts,
  isEmpty,
  isSubset,
  protocols,
} from "@podwall/engine";
import { families } from "./address-family.ts";
import type { ChainParts } from "./chain-parts.ts";
import { type LookupForm, isEveryPort, lookupForms } from "./connection-ends.ts";
import { everything } from "./grants.ts";
import { lookupName, mapKeys } from "./lookups.ts";

/** Where what a rule set allows goes on that no other has a say in. */
export const approve = "approve";

/** Where what it does not allow goes on, of either family. */
export function denied(direction: Direction): string {
  return `denied_${direction}`;
}

/** Cuts connections picked up in mid-stream: they have their direction from whoever spoke first, so they cannot be judged. */
export const midStream = "mid_stream";

interface RuledChain extends ChainParts {
  readonly name: string;
  readonly traffic: Traffic;
}

/** The rules of a rule set's chain. */
export function chainRules(chain: RuledChain, common: ConnectionSet): string[] {
  const { traffic, lookups } = chain;
  const allowed = traffic === "egress" || traffic === "ingress" ? "return" : `goto ${approve}`;
  const allow = (condition: string): string => `${condition} ${allowed}`.trimStart();
  const maps = (["spans", "grants"] as const).filter((map) => lookups.has(map));
  return [
    // What leads to the others has read the other end's identity already.
    ...(traffic === "own-node" ? families.map((family) => `meta nfproto ipv${family} jump peer_egress${family}`) : []),
    `jump ${midStream}`,
    ...commonConditions(common).map(allow),
    // Whoever is in neither keeps the identity's number, which is no grant's.
    ...maps.map((map) => `meta priority set ${mapKeys[map]} map @${lookupName(chain, map)}`),
    ...(maps.length > 0 ? [allow(`meta priority ${everything}`)] : []),
    ...lookupForms
      .filter((form) => lookups.has(form))
      .flatMap((form) => lookupConditions(form, chain))
      .map(allow),
    `goto ${denied(traffic === "ingress" ? "ingress" : "egress")}`,
  ];
}

/** When one of a chain's lookup sets allows a connection. */
function lookupConditions(form: LookupForm, chain: RuledChain): string[] {
  const set = lookupName(chain, form);
  switch (form) {
    case "other":
      return [`meta l4proto != { tcp, udp, sctp } meta priority @${set}`];
    case "proto":
      return [`meta priority . meta l4proto @${set}`];
    case "exact":
    case "range":
      // nft 1.0.6 reads `ct reply proto-src` only where the protocol is pinned, hence a rule for each.
      return protocols
        .filter((protocol) => chain.portRules.has(`${form} ${protocol}`))
        .map(
          (protocol) =>
            `meta l4proto ${protocol.toLowerCase()} meta priority . meta l4proto . ct reply proto-src @${set}`,
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
