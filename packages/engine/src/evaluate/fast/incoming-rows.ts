import { ConnectionPool } from "./connection-pool.ts";
import type { TableRow } from "./table-rows.ts";

/** The rows of all ingress tables, by source. Sources and destinations are places, tables the numbers of rows. */
export class IncomingRows {
  readonly rows: readonly TableRow[];
  /** The tables that are open to all who are no peers. */
  readonly open: readonly number[];
  /** What tables say of a source is from its start to the next: which table, and what it allows. */
  readonly start: Int32Array;
  readonly tables: Int32Array;
  readonly allowed: Int32Array;
  readonly #tableOf: Int32Array;
  readonly #bases: Int32Array;
  /** By table, what it allows the source at hand, and which source it last said something of. */
  readonly #now: Int32Array;
  readonly #said: Int32Array;
  #source = -1;

  constructor(count: number, rows: readonly TableRow[]) {
    this.rows = rows;
    this.open = [...rows.keys()].filter((table) => rows[table]?.base !== ConnectionPool.none);
    this.#tableOf = new Int32Array(count);
    this.#now = new Int32Array(rows.length);
    this.#said = new Int32Array(rows.length).fill(-1);
    const start = new Int32Array(count + 1);
    for (const { peers } of rows) {
      for (let index = 0; index < peers.length; index++) {
        const after = (peers[index] as number) + 1;
        start[after] = (start[after] as number) + 1;
      }
    }
    for (let place = 0; place < count; place++) {
      start[place + 1] = (start[place + 1] as number) + (start[place] as number);
    }
    const next = start.slice();
    const tables = new Int32Array(start[count] as number);
    const alloweds = new Int32Array(tables.length);
    for (let table = 0; table < rows.length; table++) {
      const { subjects, peers, allowed } = rows[table] as TableRow;
      for (let index = 0; index < subjects.length; index++) this.#tableOf[subjects[index] as number] = table;
      for (let index = 0; index < peers.length; index++) {
        const place = peers[index] as number;
        const at = next[place] as number;
        next[place] = at + 1;
        tables[at] = table;
        alloweds[at] = allowed[index] as number;
      }
    }
    this.start = start;
    this.tables = tables;
    this.allowed = alloweds;
    this.#bases = new Int32Array(rows.map(({ base }) => base));
  }

  /** Goes on to what is said of a source. */
  read(source: number): void {
    this.#source = source;
    const { tables, allowed } = this;
    const [said, now] = [this.#said, this.#now];
    const end = this.start[source + 1] as number;
    for (let index = this.start[source] as number; index < end; index++) {
      const table = tables[index] as number;
      said[table] = source;
      now[table] = allowed[index] as number;
    }
  }

  /** What a destination takes in of the source that was read last. */
  allowedTo(destination: number): number {
    const table = this.#tableOf[destination] as number;
    return (this.#said[table] === this.#source ? this.#now[table] : this.#bases[table]) as number;
  }

  /** The open tables that have a source among their peers, in order. */
  openAbout(source: number): number[] {
    const about = this.tables.subarray(this.start[source], this.start[source + 1]);
    return Array.from(about).filter((table) => (this.rows[table] as TableRow).base !== ConnectionPool.none);
  }
}
