import {
  type ConnectionSet,
  allConnections,
  formatConnections,
  intersect,
  noConnections,
  subtract,
  union,
} from "../../net/connection-set.ts";

/** Connection sets by number: equal sets have equal numbers, and what was combined once is not combined again. */
export class ConnectionPool {
  readonly #sets: ConnectionSet[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #unions = new Map<number, number>();
  readonly #intersections = new Map<number, number>();
  readonly #differences = new Map<number, number>();

  /** The number of the empty set is 0, that of everything is 1. */
  static readonly none = 0;
  static readonly all = 1;

  constructor() {
    this.add(noConnections);
    this.add(allConnections);
  }

  add(set: ConnectionSet): number {
    const text = formatConnections(set);
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#sets.length;
    this.#sets.push(set);
    this.#numbers.set(text, number);
    return number;
  }

  get(number: number): ConnectionSet {
    return this.#sets[number] as ConnectionSet;
  }

  union(a: number, b: number): number {
    if (a === b || b === ConnectionPool.none || a === ConnectionPool.all) return a;
    if (a === ConnectionPool.none || b === ConnectionPool.all) return b;
    return this.#combined(this.#unions, a, b, union);
  }

  intersect(a: number, b: number): number {
    if (a === b || b === ConnectionPool.all || a === ConnectionPool.none) return a;
    if (a === ConnectionPool.all || b === ConnectionPool.none) return b;
    return this.#combined(this.#intersections, a, b, intersect);
  }

  subtract(a: number, b: number): number {
    if (b === ConnectionPool.none || a === ConnectionPool.none) return a;
    if (a === b || b === ConnectionPool.all) return ConnectionPool.none;
    return this.#once(this.#differences, pairOf(a, b), () => subtract(this.get(a), this.get(b)));
  }

  #combined(
    known: Map<number, number>,
    a: number,
    b: number,
    combine: (x: ConnectionSet, y: ConnectionSet) => ConnectionSet,
  ): number {
    return this.#once(known, a < b ? pairOf(a, b) : pairOf(b, a), () => combine(this.get(a), this.get(b)));
  }

  #once(known: Map<number, number>, pair: number, make: () => ConnectionSet): number {
    const found = known.get(pair);
    if (found !== undefined) return found;
    const number = this.add(make());
    known.set(pair, number);
    return number;
  }
}

/** Numbers stay far below 2 ** 26, so a pair fits a double exactly. */
function pairOf(a: number, b: number): number {
  return a * 2 ** 26 + b;
}
