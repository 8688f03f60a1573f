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
  readonly #unions: KnownPairs = [];
  readonly #intersections: KnownPairs = [];
  readonly #differences: KnownPairs = [];

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
    return a < b ? this.#combined(this.#unions, a, b, union) : this.#combined(this.#unions, b, a, union);
  }

  intersect(a: number, b: number): number {
    if (a === b || b === ConnectionPool.all || a === ConnectionPool.none) return a;
    if (a === ConnectionPool.all || b === ConnectionPool.none) return b;
    return a < b
      ? this.#combined(this.#intersections, a, b, intersect)
      : this.#combined(this.#intersections, b, a, intersect);
  }

  subtract(a: number, b: number): number {
    if (b === ConnectionPool.none || a === ConnectionPool.none) return a;
    if (a === b || b === ConnectionPool.all) return ConnectionPool.none;
    return this.#combined(this.#differences, a, b, subtract);
  }

  #combined(
    known: KnownPairs,
    a: number,
    b: number,
    combine: (x: ConnectionSet, y: ConnectionSet) => ConnectionSet,
  ): number {
    let row = known[a];
    if (row === undefined || row.length <= b) row = known[a] = grown(row, b);
    const found = (row[b] as number) - 1;
    if (found >= 0) return found;
    const number = this.add(combine(this.get(a), this.get(b)));
    row[b] = number + 1;
    return number;
  }
}

/** By two numbers, one more than the number of what they give together; 0 where that is not known. */
type KnownPairs = (Uint32Array | undefined)[];

function grown(row: Uint32Array | undefined, least: number): Uint32Array {
  const larger = new Uint32Array(Math.max(64, 2 ** Math.ceil(Math.log2(least + 1))));
  if (row !== undefined) larger.set(row);
  return larger;
}
