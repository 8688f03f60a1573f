import { ConnectionPool } from "./connection-pool.ts";
import type { TableIntake } from "./table-intake.ts";

/** What all ingress tables take in of a source at hand. Sources and destinations are places; tables have numbers from 0 on. */
export class IncomingRows {
  readonly #intakes: readonly TableIntake[];
  /** The tables that are open to all whom no rule is about. */
  readonly open: readonly number[];
  readonly #bases: Int32Array;
  readonly #tableOf: Int32Array;
  /** By table, what it allows the source that it was last asked about, and which that was. */
  readonly #now: Int32Array;
  readonly #said: Int32Array;
  /** Of 32 neighbours among the sources, the tables with rules about each. */
  readonly #about: number[][] = Array.from({ length: 32 }, () => []);
  #aboutWord = -1;
  #source = -1;

  constructor(count: number, intakes: readonly TableIntake[]) {
    this.#intakes = intakes;
    this.#tableOf = new Int32Array(count);
    this.#now = new Int32Array(intakes.length);
    this.#said = new Int32Array(intakes.length).fill(-1);
    this.#bases = new Int32Array(intakes.length);
    const open: number[] = [];
    for (let table = 0; table < intakes.length; table++) {
      const { subjects, base } = intakes[table] as TableIntake;
      for (let index = 0; index < subjects.length; index++) this.#tableOf[subjects[index] as number] = table;
      this.#bases[table] = base;
      if (base !== ConnectionPool.none) open.push(table);
    }
    this.open = open;
  }

  /** Goes on to a source. */
  read(source: number): void {
    this.#source = source;
  }

  /** What a destination takes in of the source at hand. */
  allowedTo(destination: number): number {
    return this.allowedBy(this.#tableOf[destination] as number);
  }

  /** What a table allows the source at hand. */
  allowedBy(table: number): number {
    if (this.#said[table] === this.#source) return this.#now[table] as number;
    const allowed = (this.#intakes[table] as TableIntake).allowed(this.#source);
    this.#said[table] = this.#source;
    this.#now[table] = allowed;
    return allowed;
  }

  /** What a table allows all whom no rule is about. */
  baseOf(table: number): number {
    return this.#bases[table] as number;
  }

  subjectsOf(table: number): Int32Array {
    return (this.#intakes[table] as TableIntake).subjects;
  }

  /** The tables with rules about a source, in order: to all others it is like everyone else. */
  about(source: number): readonly number[] {
    const word = source >> 5;
    if (word !== this.#aboutWord) this.#readAbout(word);
    return this.#about[source & 31] as number[];
  }

  #readAbout(word: number): void {
    this.#aboutWord = word;
    for (const tables of this.#about) tables.length = 0;
    for (let table = 0; table < this.#intakes.length; table++) {
      let bits = (this.#intakes[table] as TableIntake).about(word);
      while (bits !== 0) {
        const least = bits & -bits;
        (this.#about[31 - Math.clz32(least)] as number[]).push(table);
        bits ^= least;
      }
    }
  }
}
