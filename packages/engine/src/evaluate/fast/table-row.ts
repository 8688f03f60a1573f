import { ConnectionPool } from "./connection-pool.ts";
import type { Decisions } from "./decisions.ts";

/** What one of a table's rules allows its peers. Several of a table may be about a class, and one may be twice. */
export interface RowPart {
  readonly peers: Int32Array;
  readonly connections: number;
  /** What it allows each of the peers, in their order, where that is not one for all. */
  readonly each?: Int32Array;
}

/** What a table allows each class, met by one of its addresses. Classes are places, connections are numbers of the pool. */
export class TableRow {
  /** Those whom the table judges. */
  readonly subjects: Int32Array;
  /** What is allowed to or from all that are in no part. */
  readonly base: number;
  readonly parts: readonly RowPart[];
  readonly #toPeers: number;
  readonly #admin: Int32Array | undefined;
  readonly #pool: ConnectionPool;
  readonly #decisions: Decisions;

  constructor(
    subjects: Int32Array,
    parts: readonly RowPart[],
    { base, toPeers, admin }: ToAll,
    pool: ConnectionPool,
    decisions: Decisions,
  ) {
    this.subjects = subjects;
    this.parts = parts;
    this.base = base;
    this.#toPeers = toPeers;
    this.#admin = admin;
    this.#pool = pool;
    this.#decisions = decisions;
  }

  /** What a part allows one of its peers; what is allowed is what all parts that are about it allow together. */
  allowed({ peers, connections, each }: RowPart, index: number): number {
    const own = each === undefined ? connections : (each[index] as number);
    const rest = this.#toPeers === ConnectionPool.none ? own : this.#pool.union(own, this.#toPeers);
    return this.#admin === undefined
      ? rest
      : this.#decisions.withRest(this.#admin[peers[index] as number] as number, rest);
  }
}

/** What holds for more than the peers of one part. */
interface ToAll {
  readonly base: number;
  /** What is allowed to or from peers beside what their parts say. */
  readonly toPeers: number;
  /** What the Admin tier, if any, decided about each class. */
  readonly admin: Int32Array | undefined;
}
