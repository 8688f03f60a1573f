import type { Direction } from "../../../model/network-policy.ts";
import type { OtherPolicy } from "../../../model/other-object.ts";
import type { Pod } from "../../../model/pod.ts";
import type { Peer } from "./peer.ts";
import type { Places } from "./places.ts";
import type { TableWays } from "./table-ways.ts";

/** A pod as one state has it. */
export interface StateEnd extends Peer {
  readonly pod: Pod;
  /** What judges it: one table, or where the labels of its namespace say which policies select it, one for each choice of them. */
  readonly tables: Readonly<Record<Direction, readonly TableWays[]>>;
  /** The places of labels by which it has other tables. */
  readonly rulePlaces: Readonly<Record<Direction, Places>>;
  /** Policies of other kinds that may select it. */
  readonly others: Readonly<Record<Direction, readonly OtherPolicy[]>>;
}

/** What judges an end where its namespace has the labels of this place. */
export function tableAt({ tables }: StateEnd, direction: Direction, own: number): TableWays {
  const all = tables[direction];
  return (all[own] ?? all[0]) as TableWays;
}
