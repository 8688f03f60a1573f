import type { AddressPiece, AddressSet } from "../evaluate/fast/address-sets.ts";
import { type Asked, heldByAddresses, identityOf } from "./identity.ts";
import type { Atom } from "./node-plan.ts";

/** The addresses of one family that are no known pod's, sorted into identities. */
export interface Atoms {
  /** Adjacent intervals, each of another identity than the next. */
  readonly atoms: readonly Atom[];
  /** Somebody of each identity. */
  readonly samples: ReadonlyMap<string, AddressSet>;
}

export function atomsOf(pieces: readonly AddressPiece[], asked: Asked): Atoms {
  const atoms: Atom[] = [];
  const samples = new Map<string, AddressSet>();
  const identities = new Map<AddressSet, string>();
  for (const { first, last, set } of pieces) {
    const identity = identities.get(set) ?? identityOf([], heldByAddresses(asked, set.members), []);
    identities.set(set, identity);
    if (!samples.has(identity)) samples.set(identity, set);
    const previous = atoms.at(-1);
    if (previous?.identity === identity) atoms[atoms.length - 1] = { ...previous, last };
    else atoms.push({ first, last, identity });
  }
  return { atoms, samples };
}
