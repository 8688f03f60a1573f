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
  const all = new Set<ConnectionSet>();
  for (const identity of identities) {
    const allowed = byIdentity.get(identity);
    if (allowed !== undefined) all.add(allowed);
  }
  const added = new Map<string, Grant>();
  for (const allowed of all) {
    const ends = connectionEnds(allowed, common);
    const key = keyOf(ends);
    if (key === nothing || known.has(key) || added.has(key)) continue;
    const number = everything + 1 + known.size + added.size;
    added.set(key, ends === "everything" ? { number: everything, ends: [] } : { number, ends });
  }
  return added.size === 0 ? known : new Map([...known, ...added]);
}

/** The grant of what a rule set allows an identity; absent where it is only what all are allowed. */
export function grantReader({ byIdentity, common }: RuleSet, grants: Grants): (identity: string) => Grant | undefined {
  // Many identities are allowed the same.
  const known = new Map<ConnectionSet, Grant | undefined>();
  return (identity) => {
    const allowed = byIdentity.get(identity);
    if (allowed === undefined) return undefined;
    if (!known.has(allowed)) known.set(allowed, grants.get(keyOf(connectionEnds(allowed, common))));
    return known.get(allowed);
  };
}

const nothing = "";

function keyOf(ends: ReturnType<typeof connectionEnds>): string {
  return ends === "everything" ? ends : ends.map(({ form, text }) => form + text).join(",");
}
