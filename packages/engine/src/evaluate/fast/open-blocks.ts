import type { ConnectionSet } from "../../net/connection-set.ts";
import type { ClassOrder } from "./class-order.ts";
import { type Evaluation, rowsOf } from "./class-pairs.ts";
import { ConnectionPool } from "./connection-pool.ts";
import type { IncomingRows } from "./incoming-rows.ts";
import type { PodClass } from "./pod-class.ts";
import type { RowPart, TableRow } from "./table-row.ts";

/** Each of the sources may exchange this with each of the destinations. */
export interface OpenBlock {
  readonly sources: readonly PodClass[];
  readonly destinations: readonly PodClass[];
  readonly connections: ConnectionSet;
}

/**
 * Every ordered pair of classes that may exchange something, once. Pairs of which a rule of one side is about the other
 * end are found from the entries of egress tables, each held against what the destination's table says of the source; all
 * other pairs are open where both sides are open to everyone, and many of them are one block.
 */
export function* openBlocks(evaluation: Evaluation): Generator<OpenBlock> {
  const { order, rows, incoming } = rowsOf(evaluation, "first");
  const sweep = new Sweep(order, incoming, evaluation.pool);
  for (const table of evaluation.tables.all("egress")) {
    const blocks = sweep.from(rows.of(table));
    for (let index = 0; index < blocks.length; index++) yield blocks[index] as OpenBlock;
  }
}

/** Goes through the sources, with what each may send and who takes in what of it. */
class Sweep {
  readonly #order: ClassOrder;
  readonly #incoming: IncomingRows;
  readonly #pool: ConnectionPool;
  /** The last row with an open base that has a destination among its peers. */
  readonly #rowOf: Int32Array;
  #row = 0;
  // Of the destinations that are open to a source, and of each what is and for which source that was.
  readonly #met: Int32Array;
  readonly #open: Int32Array;
  readonly #sourceOf: Int32Array;
  readonly #destinations: PodClass[][] = [];
  /** The numbers of the connections that there are destinations of. */
  #found: number[] = [];

  constructor(order: ClassOrder, incoming: IncomingRows, pool: ConnectionPool) {
    this.#order = order;
    this.#incoming = incoming;
    this.#pool = pool;
    this.#rowOf = new Int32Array(order.count);
    this.#met = new Int32Array(order.count);
    this.#open = new Int32Array(order.count);
    this.#sourceOf = new Int32Array(order.count).fill(-1);
  }

  from(row: TableRow): readonly OpenBlock[] {
    this.#row++;
    const { subjects, base, parts } = row;
    const blocks: OpenBlock[] = [];
    if (base !== ConnectionPool.none) {
      for (const { peers } of parts) for (const place of peers) this.#rowOf[place] = this.#row;
    }
    for (let index = 0; index < subjects.length; index++) {
      const source = subjects[index] as number;
      this.#incoming.read(source);
      this.#toPeers(source, row);
      if (base !== ConnectionPool.none) this.#toThoseWhoName(source, base);
      if (this.#found.length > 0) this.#take([this.#order.at(source)], blocks);
    }
    if (base !== ConnectionPool.none) this.#toEveryoneElse(row, blocks);
    return blocks;
  }

  #toPeers(source: number, row: TableRow): void {
    const pool = this.#pool;
    const incoming = this.#incoming;
    const met = this.#met;
    const open = this.#open;
    const sourceOf = this.#sourceOf;
    let count = 0;
    for (let at = 0; at < row.parts.length; at++) {
      const part = row.parts[at] as RowPart;
      const { peers } = part;
      for (let index = 0; index < peers.length; index++) {
        const destination = peers[index] as number;
        const taken = incoming.allowedTo(destination);
        if (taken === ConnectionPool.none) continue;
        const both = pool.intersect(row.allowed(part, index), taken);
        if (both === ConnectionPool.none) continue;
        if (sourceOf[destination] === source) open[destination] = pool.union(open[destination] as number, both);
        else {
          sourceOf[destination] = source;
          open[destination] = both;
          met[count++] = destination;
        }
      }
    }
    for (let index = 0; index < count; index++) {
      const destination = met[index] as number;
      this.#add(open[destination] as number, destination);
    }
  }

  /** To destinations that are nobody's peers, by rules of theirs that are about the source. */
  #toThoseWhoName(source: number, outgoing: number): void {
    const incoming = this.#incoming;
    for (const table of incoming.about(source)) {
      const both = this.#pool.intersect(outgoing, incoming.allowedBy(table));
      if (both !== ConnectionPool.none) this.#addSubjects(both, table);
    }
  }

  /** Between sources and destinations of which no rule of the other side is: sources that are left out alike, together. */
  #toEveryoneElse({ subjects, base }: TableRow, blocks: OpenBlock[]): void {
    const incoming = this.#incoming;
    const bySkipped = new Map<string, { readonly skipped: ReadonlySet<number>; readonly sources: PodClass[] }>();
    for (const source of subjects) {
      const skipped = incoming.about(source).filter((table) => incoming.baseOf(table) !== ConnectionPool.none);
      const key = skipped.join(" ");
      const alike = bySkipped.get(key);
      if (alike === undefined) bySkipped.set(key, { skipped: new Set(skipped), sources: [this.#order.at(source)] });
      else alike.sources.push(this.#order.at(source));
    }
    for (const { skipped, sources } of bySkipped.values()) {
      for (const table of incoming.open) {
        if (skipped.has(table)) continue;
        const both = this.#pool.intersect(base, incoming.baseOf(table));
        if (both !== ConnectionPool.none) this.#addSubjects(both, table);
      }
      this.#take(sources, blocks);
    }
  }

  /** Adds those whom a table judges, but for the peers of the row at hand. */
  #addSubjects(connections: number, table: number): void {
    const subjects = this.#incoming.subjectsOf(table);
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
  #take(sources: readonly PodClass[], blocks: OpenBlock[]): void {
    for (const number of this.#found) {
      const destinations = this.#destinations[number] as PodClass[];
      blocks.push({ sources, destinations, connections: this.#pool.get(number) });
      this.#destinations[number] = [];
    }
    this.#found = [];
  }
}
