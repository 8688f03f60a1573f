import type { Address, Family } from "../../net/address.ts";
import { type Questions, atomAt, atomsOf } from "../../plan/identity.ts";
import type { Atom } from "../../plan/node-plan.ts";
import type { BlockPredicate } from "../../plan/predicate.ts";
import { matchesBlock } from "../../plan/predicate.ts";

/** Which blocks hold an address, for every address: intervals between the bounds of the blocks that policies name. */
export class AddressClasses {
  readonly #atoms: Readonly<Record<Family, readonly Atom[]>>;
  readonly #blocks = new Map<Atom, readonly BlockPredicate[]>();
  readonly #questions: Questions;

  constructor(questions: Questions) {
    this.#questions = questions;
    this.#atoms = { 4: atomsOf(questions, 4).atoms, 6: atomsOf(questions, 6).atoms };
  }

  /** A key for all addresses that are in the same blocks. */
  keyOf(address: Address): string {
    return atomAt(this.#atoms[address.family], address).identity;
  }

  blocksOf(address: Address): readonly BlockPredicate[] {
    const atom = atomAt(this.#atoms[address.family], address);
    const known = this.#blocks.get(atom);
    if (known !== undefined) return known;
    const blocks = this.#questions.blocks.filter((block) => matchesBlock(block, atom.first));
    this.#blocks.set(atom, blocks);
    return blocks;
  }
}
