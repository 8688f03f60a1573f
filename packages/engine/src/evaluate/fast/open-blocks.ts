import type { ConnectionSet } from "../../net/connection-set.ts";
import type { ClassOrder } from "./class-order.ts";
import { type Evaluation, rowsOf } from "./class-pairs.ts";
import { ConnectionPool } from "./connection-pool.ts";
import type { IncomingRows } from "./incoming-rows.ts";
import type { PodClass } from "./pod-class.ts";
import type { TableRow } from "./table-rows.ts";

/** Each of the sources may exchange this with each of the destinations. */
export interface OpenBlock {
  readonly sources: readonly PodClass[];
  readonly destinations: readonly PodClass[];
  readonly connections: ConnectionSet;
}

/**
 * Every ordered pair of classes that may exchange something, once. Pairs of which a rule of one side is about the other
 * end are found from the rows of both sides' tables, so that it takes about as long as there are such entries; all other
 * pairs are open where both sides are open to everyone, and many of them are one block.
 */
export function* openBlocks(evaluation: Evaluation): Generator<OpenBlock> {
  const { order, rows, incoming } = rowsOf(evaluation, "first");
  const sweep = new Sweep(order, incoming, evaluation.pool);
  for (const table of evaluation.tables.all("egress")) yield* sweep.from(rows.of(table));
}

/** Goes through the sources, with what each may send and who takes in what of it. */
class Sweep {
  readonly #order: ClassOrder;
  readonly #incoming: IncomingRows;
  readonly #pool: ConnectionPool;
  /** The last row that has a destination among its peers. */
  readonly #rowOf: Int32Array;
  #row = 0;
  readonly #destinations: PodClass[][] = [];
  /** The numbers of the connections that there are destinations of. */
  #found: number[] = [];

  constructor(order: ClassOrder, incoming: IncomingRows, pool: ConnectionPool) {
    this.#order = order;
    this.#incoming = incoming;
    this.#pool = pool;
    this.#rowOf = new Int32Array(order.count);
  }

  *from(row: TableRow): Generator<OpenBlock> {
    this.#row++;
    const { subjects, peers } = row;
    for (let index = 0; index < peers.length; index++) this.#rowOf[peers[index] as number] = this.#row;
    for (let index = 0; index < subjects.length; index++) {
      const source = subjects[index] as number;
      this.#incoming.read(source);
      this.#toPeers(row);
      if (row.base !== ConnectionPool.none) this.#toThoseWhoName(source, row.base);
      yield* this.#take([this.#order.at(source)]);
    }
    if (row.base !== ConnectionPool.none) yield* this.#toEveryoneElse(row);
  }

  #toPeers({ peers, allowed }: TableRow): void {
    const [pool, incoming] = [this.#pool, this.#incoming];
    for (let index = 0; index < peers.length; index++) {
      const destination = peers[index] as number;
      const both = pool.intersect(allowed[index] as number, incoming.allowedTo(destination));
      if (both !== ConnectionPool.none) this.#add(both, destination);
    }
  }

  /** To destinations that are nobody's peers, by rules of theirs that are about the source. */
  #toThoseWhoName(source: number, outgoing: number): void {
    const { start, tables, allowed, rows } = this.#incoming;
    const end = start[source + 1] as number;
    for (let index = start[source] as number; index < end; index++) {
      const both = this.#pool.intersect(outgoing, allowed[index] as number);
      if (both !== ConnectionPool.none) this.#addSubjects(both, rows[tables[index] as number] as TableRow);
    }
  }

  /** Between sources and destinations of which no rule of the other side is: sources that are left out alike, together. */
  *#toEveryoneElse({ subjects, base }: TableRow): Generator<OpenBlock> {
    const { open, rows } = this.#incoming;
    const bySkipped = new Map<string, { readonly skipped: ReadonlySet<number>; readonly sources: PodClass[] }>();
    for (const source of subjects) {
      const skipped = this.#incoming.openAbout(source);
      const key = skipped.join(" ");
      const alike = bySkipped.get(key);
      if (alike === undefined) bySkipped.set(key, { skipped: new Set(skipped), sources: [this.#order.at(source)] });
      else alike.sources.push(this.#order.at(source));
    }
    for (const { skipped, sources } of bySkipped.values()) {
      for (const table of open) {
        if (skipped.has(table)) continue;
        const row = rows[table] as TableRow;
        const both = this.#pool.intersect(base, row.base);
        if (both !== ConnectionPool.none) this.#addSubjects(both, row);
      }
      yield* this.#take(sources);
    }
  }

  /** Adds those whom a table judges, but for the peers of the row at hand. */
  #addSubjects(connections: number, { subjects }: TableRow): void {
    for (let index = 0; index < subjects.length; index++) {
      const destination = subjects[index] as number;
      if (this.#rowOf[destination] !== this.#row) this.#add(connections, destination);
    }
  }

  #add(connections: number, destination: number): void {
    while (this.#destinations.length <= connections) this.#destinations.push([]);
    const destinations = this.#destinations[connections] as PodClass[];
    if (destinations.length === 0) this.#found.push(connections);
    destinations.push(this.#order.at(destination));
  }

  /** The destinations that were found, by what they may exchange with these sources. */
  *#take(sources: readonly PodClass[]): Generator<OpenBlock> {
    for (const number of this.#found) {
      yield {
        sources,
        destinations: this.#destinations[number] as PodClass[],
        connections: this.#pool.get(number),
      };
      this.#destinations[number] = [];
    }
    this.#found = [];
  }
}
