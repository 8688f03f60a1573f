import type { Direction } from "../../model/network-policy.ts";
import type { ConnectionSet } from "../../net/connection-set.ts";
import { ConnectionPool } from "./connection-pool.ts";
import type { Outsider } from "./outsider.ts";
import type { PodClass } from "./pod-class.ts";
import type { RuleTables } from "./rule-tables.ts";

/** Each of these classes may exchange this with each of these ends; by its own rules alone, as no others judge it. */
export interface OutsideBlock<End> {
  /** That of the pods: `egress` is from them to the ends. */
  readonly direction: Direction;
  readonly classes: ReadonlySet<PodClass>;
  readonly ends: readonly End[];
  readonly connections: ConnectionSet;
}

/** Everything that pods may exchange with ends that are no pods, once. */
export function* outsideBlocks<End>(
  tables: RuleTables,
  pool: ConnectionPool,
  ends: ReadonlyMap<End, Outsider>,
): Generator<OutsideBlock<End>> {
  tables.settleClasses();
  const all = [...ends];
  for (const direction of ["egress", "ingress"] as const) {
    for (const table of tables.all(direction)) {
      const bySet = new Map<number, End[]>();
      for (const [end, outsider] of all) {
        const set = table.allowedOutside(outsider);
        if (set === ConnectionPool.none) continue;
        const others = bySet.get(set);
        if (others === undefined) bySet.set(set, [end]);
        else others.push(end);
      }
      for (const [set, open] of bySet) {
        yield { direction, classes: table.subjects, ends: open, connections: pool.get(set) };
      }
    }
  }
}
