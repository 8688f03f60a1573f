import type { Protocol } from "@podwall/engine";
import type { LookupForm } from "./connection-ends.ts";
import type { Grant } from "./grants.ts";
import type { Lookup } from "./lookups.ts";
import type { Span } from "./spans.ts";

/** What a chain is created with, and never gets more of. */
export interface ChainParts {
  /** The maps and sets that it has; its rules read no others. */
  readonly lookups: ReadonlySet<Lookup>;
  /** The ports that it has rules for. */
  readonly portRules: ReadonlySet<PortRule>;
}

/** A form of lookup, of one protocol. */
type PortRule = `${LookupForm} ${Protocol}`;

/** What some grants and spans call for: maps of identities, and sets with the rules that read them. */
export function partsFor(grants: Iterable<Grant>, spans: readonly Span[] = []): ChainParts {
  const lookups = new Set<Lookup>(spans.length > 0 ? ["spans"] : []);
  const portRules = new Set<PortRule>();
  for (const { ends } of grants) {
    lookups.add("grants");
    for (const { form, protocol } of ends) {
      lookups.add(form);
      if (protocol !== undefined) portRules.add(`${form} ${protocol}`);
    }
  }
  return { lookups, portRules };
}

/** Whether a chain has all that grants call for. */
export function hasParts(chain: ChainParts, { lookups, portRules }: ChainParts): boolean {
  return [...lookups].every((one) => chain.lookups.has(one)) && [...portRules].every((one) => chain.portRules.has(one));
}
