import type { Direction } from "../../model/network-policy.ts";
import { ConnectionPool } from "../../evaluate/fast/connection-pool.ts";
import type { FastEvaluator } from "../../evaluate/fast/fast-evaluator.ts";
import type { PodClass } from "../../evaluate/fast/pod-class.ts";
import type { RuleTable } from "../../evaluate/fast/rule-table.ts";
import type { PodGroup, State } from "./pod-groups.ts";

/**
 * Finds the groups, by their places in the list, to or from which a group is allowed something by its own side in either
 * state. Between others nothing may pass in both. Groups with the same rules share a list.
 */
export class OpenPeers {
  readonly #states: readonly [State, State];
  readonly #groups: readonly PodGroup[];
  readonly #known = new Map<RuleTable | undefined, Map<RuleTable | undefined, readonly number[]>>();

  constructor(before: State, after: State, groups: readonly PodGroup[]) {
    this.#states = [before, after];
    this.#groups = groups;
  }

  of(group: PodGroup, direction: Direction): readonly number[] {
    const [before, after] = this.#states;
    const was = tableOf(before.evaluator, group.before, direction);
    const is = tableOf(after.evaluator, group.after, direction);
    let byAfter = this.#known.get(was);
    if (byAfter === undefined) this.#known.set(was, (byAfter = new Map()));
    let peers = byAfter.get(is);
    if (peers === undefined) byAfter.set(is, (peers = this.#find(was, is)));
    return peers;
  }

  #find(was: RuleTable | undefined, is: RuleTable | undefined): readonly number[] {
    const found: number[] = [];
    for (const [index, { before, after }] of this.#groups.entries()) {
      if (isOpen(was, before) || isOpen(is, after)) found.push(index);
    }
    return found;
  }
}

function tableOf(
  evaluator: FastEvaluator,
  podClass: PodClass | undefined,
  direction: Direction,
): RuleTable | undefined {
  return podClass && evaluator.tableOf(podClass, direction);
}

function isOpen(table: RuleTable | undefined, peer: PodClass | undefined): boolean {
  return table !== undefined && peer !== undefined && table.allowed(peer, "first") !== ConnectionPool.none;
}
