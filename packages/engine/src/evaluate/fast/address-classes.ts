import type { Address, Family } from "../../net/address.ts";
import { type Questions, atomAt, atomsOf } from "../../plan/identity.ts";
import type { Atom } from "../../plan/node-plan.ts";

/** Which blocks hold an address, by number: addresses that are in the same blocks have the same number. */
export class AddressClasses {
  readonly #atoms: Readonly<Record<Family, readonly Atom[]>>;
  readonly #numbers = new Map<string, number>();

  constructor(questions: Questions) {
    this.#atoms = { 4: atomsOf(questions, 4).atoms, 6: atomsOf(questions, 6).atoms };
  }

  /** The number of an address's class, from 0. */
  of(address: Address): number {
    const { identity } = atomAt(this.#atoms[address.family], address);
    const known = this.#numbers.get(identity);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(identity, number);
    return number;
  }
}
