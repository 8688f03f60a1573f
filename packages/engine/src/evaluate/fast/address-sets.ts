import {
  type Address,
  type Family,
  compareAddresses,
  firstAddress,
  lastAddress,
  nextAddress,
  previousAddress,
} from "../../net/address.ts";
import type { AddressInterval } from "../../rules/predicate.ts";

/** Which of the asked-about sets of addresses hold an address. Equal sets are one object. */
export interface AddressSet {
  readonly id: number;
  /** Numbers given by `add`. */
  readonly members: ReadonlySet<number>;
}

/** An interval of addresses that no question tells apart. */
export interface AddressPiece extends AddressInterval {
  readonly set: AddressSet;
}

/** Cuts the addresses at the bounds of everything that is asked about, and knows what holds for each piece. */
export class AddressSets {
  readonly #asked = new Map<number, readonly AddressInterval[]>();
  readonly #byKey = new Map<string, AddressSet>();
  readonly #pieces = new Map<Family, Pieces>();

  /** Holds no address: for ends that have none. */
  readonly empty: AddressSet = this.#intern(new Set());

  /** Asks about addresses under a number. */
  add(number: number, intervals: readonly AddressInterval[]): void {
    this.#asked.set(number, intervals);
    this.#pieces.clear();
  }

  remove(number: number): void {
    this.#asked.delete(number);
    this.#pieces.clear();
  }

  of(address: Address): AddressSet {
    const { starts, values, sets } = this.#piecesOf(address.family);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const isAfter =
        values === undefined
          ? compareAddresses(starts[middle] as Address, address) > 0
          : (values[middle] as number) > address.words[3];
      if (isAfter) high = middle - 1;
      else low = middle;
    }
    return sets[low] as AddressSet;
  }

  /** Adjacent intervals from the first address of a family to the last; the same array until something else is asked. */
  pieces(family: Family): readonly AddressPiece[] {
    const pieces = this.#piecesOf(family);
    pieces.intervals ??= this.#intervals(family, pieces);
    return pieces.intervals;
  }

  #intervals(family: Family, { starts, sets }: Pieces): readonly AddressPiece[] {
    return starts.map((first, index) => {
      const next = starts[index + 1];
      const last = next === undefined ? lastAddress(family) : (previousAddress(next) as Address);
      return { first, last, set: sets[index] as AddressSet };
    });
  }

  #piecesOf(family: Family): Pieces {
    const known = this.#pieces.get(family);
    if (known !== undefined) return known;
    const bounds: Bound[] = [];
    for (const [number, intervals] of this.#asked) {
      for (const { first, last } of intervals) {
        if (first.family !== family) continue;
        const after = nextAddress(last);
        bounds.push({ at: first, number, change: 1 });
        if (after !== undefined) bounds.push({ at: after, number, change: -1 });
      }
    }
    bounds.sort((a, b) => compareAddresses(a.at, b.at));
    const pieces = this.#sweep(firstAddress(family), bounds);
    this.#pieces.set(family, pieces);
    return pieces;
  }

  #sweep(first: Address, bounds: readonly Bound[]): Pieces {
    const starts = [first];
    const sets = [this.empty];
    const depth = new Map<number, number>();
    for (const [index, { at, number, change }] of bounds.entries()) {
      const inside = (depth.get(number) ?? 0) + change;
      if (inside === 0) depth.delete(number);
      else depth.set(number, inside);
      const next = bounds[index + 1];
      if (next !== undefined && compareAddresses(next.at, at) === 0) continue;
      const set = this.#intern(new Set(depth.keys()));
      if (compareAddresses(at, starts.at(-1) as Address) === 0) sets[sets.length - 1] = set;
      else {
        starts.push(at);
        sets.push(set);
      }
    }
    const values = first.family === 4 ? Uint32Array.from(starts, ({ words }) => words[3]) : undefined;
    return { starts, sets, ...(values === undefined ? {} : { values }) };
  }

  #intern(members: ReadonlySet<number>): AddressSet {
    const key = [...members].sort((a, b) => a - b).join(" ");
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const set = { id: this.#byKey.size, members };
    this.#byKey.set(key, set);
    return set;
  }
}

interface Bound {
  readonly at: Address;
  readonly number: number;
  readonly change: 1 | -1;
}

/** The first address of each piece, in order, and what holds from there to the next. */
interface Pieces {
  readonly starts: readonly Address[];
  /** The starts as numbers, where addresses are so short. */
  readonly values?: Uint32Array;
  readonly sets: readonly AddressSet[];
  /** The same as intervals, once they were asked for. */
  intervals?: readonly AddressPiece[];
}
