import type { ConnectionSet, RuleSet } from "@podwall/engine";
import { type ConnectionEnd, connectionEnds } from "./connection-ends.ts";

/** What a rule set allows some identities beyond what it allows all, under a number of its own. */
export interface Grant {
  readonly number: number;
  readonly ends: readonly ConnectionEnd[];
}

/** The grants of a rule set, by what they allow. A number is given to one grant and stays its own. */
export type Grants = ReadonlyMap<string, Grant>;

export const noGrants: Grants = new Map();

/** The number of the grant of everything, and the first of all: no identity's number gets there. */
export const everything = 2 ** 31;

/** Grants for what a rule set allows some identities: those that it has, and new ones; `known` itself where none is new. */
export function grantsFor(
  { byIdentity, common }: RuleSet,
  identities: Iterable<string>,
  known: Grants = noGrants,
): Grants {
  let grants: Map<string, Grant> | undefined;
  for (const identity of identities) {
    const allowed = byIdentity.get(identity);
    if (allowed === undefined) continue;
    const key = keyOf(allowed, common);
    if (key === nothing || (grants ?? known).has(key)) continue;
    grants ??= new Map(known);
    const ends = connectionEnds(allowed, common);
    const number = everything + 1 + grants.size;
    grants.set(key, ends === "everything" ? { number: everything, ends: [] } : { number, ends });
  }
  return grants ?? known;
}

/** The grant of what a rule set allows an identity; absent where it is only what all are allowed. */
export function grantOf(identity: string, { byIdentity, common }: RuleSet, grants: Grants): Grant | undefined {
  const allowed = byIdentity.get(identity);
  return allowed && grants.get(keyOf(allowed, common));
}

/** The key of what is only what all are allowed. */
const nothing = "";

/** By what is allowed to all, and by what is allowed: many identities are allowed the same, in one plan after the other. */
const keys = new WeakMap<ConnectionSet, WeakMap<ConnectionSet, string>>();

/** What tells the grant of what is allowed from others. */
function keyOf(allowed: ConnectionSet, common: ConnectionSet): string {
  let known = keys.get(common);
  if (known === undefined) keys.set(common, (known = new WeakMap()));
  let key = known.get(allowed);
  if (key === undefined) known.set(allowed, (key = textOf(connectionEnds(allowed, common))));
  return key;
}

function textOf(ends: ReturnType<typeof connectionEnds>): string {
  return ends === "everything" ? ends : ends.map(({ form, text }) => form + text).join(",");
}
