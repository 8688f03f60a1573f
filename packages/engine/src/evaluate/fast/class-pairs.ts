import { ClassOrder } from "./class-order.ts";
import { ConnectionPool } from "./connection-pool.ts";
import type { Decisions } from "./decisions.ts";
import { IncomingRows } from "./incoming-rows.ts";
import type { PodClass, Via } from "./pod-class.ts";
import type { RuleTable } from "./rule-table.ts";
import type { RuleTables } from "./rule-tables.ts";
import type { TableRow } from "./table-row.ts";
import { TableRows } from "./table-rows.ts";

/** What an evaluator knows of all pairs of classes. */
export interface Evaluation {
  readonly classes: Iterable<PodClass>;
  readonly tables: RuleTables;
  readonly decisions: Decisions;
  readonly pool: ConnectionPool;
}

/** What gives the rows of egress tables, and what ingress tables take in, of classes that are met by one of their addresses. */
export function rowsOf({ classes, tables, decisions, pool }: Evaluation, via: Via) {
  tables.settleClasses();
  const order = new ClassOrder(classes, via);
  const rows = new TableRows(order, pool, decisions);
  const incoming = new IncomingRows(
    order.count,
    Array.from(tables.all("ingress"), (table) => rows.intakeOf(table)),
  );
  return { order, rows, incoming };
}

/**
 * What may pass between pods of two classes, for many pairs: to go through the destinations of a source costs a step
 * each. It holds until the cluster changes.
 */
export class ClassPairs {
  readonly #tables: RuleTables;
  readonly #pool: ConnectionPool;
  readonly #order: ClassOrder;
  readonly #rows: TableRows;
  readonly #incoming: IncomingRows;
  /** What the table of the source at hand allows each class. */
  readonly #outgoing: Int32Array;
  readonly #known = new Map<RuleTable, TableRow>();
  #source: PodClass | undefined;
  #table: RuleTable | undefined;

  constructor(evaluation: Evaluation, via: Via) {
    const { order, rows, incoming } = rowsOf(evaluation, via);
    this.#tables = evaluation.tables;
    this.#pool = evaluation.pool;
    this.#order = order;
    this.#rows = rows;
    this.#incoming = incoming;
    this.#outgoing = new Int32Array(order.count);
  }

  /** Goes on to a source. */
  from(source: PodClass): void {
    if (source === this.#source) return;
    this.#source = source;
    this.#incoming.read(this.#order.placeOf(source));
    const table = this.#tables.of(source, "egress");
    if (table === this.#table) return;
    this.#table = table;
    const known = this.#known.get(table);
    const row = known ?? this.#rows.of(table);
    if (known === undefined) this.#known.set(table, row);
    const outgoing = this.#outgoing;
    outgoing.fill(row.base);
    for (const { peers } of row.parts) for (const place of peers) outgoing[place] = ConnectionPool.none;
    for (const part of row.parts) {
      for (const [index, place] of part.peers.entries()) {
        outgoing[place] = this.#pool.union(outgoing[place] as number, row.allowed(part, index));
      }
    }
  }

  /** The number of what may pass from the source at hand; of pods of one class, between different ones. */
  to(destination: PodClass): number {
    const place = this.#order.placeOf(destination);
    return this.#pool.intersect(this.#outgoing[place] as number, this.#incoming.allowedTo(place));
  }
}
