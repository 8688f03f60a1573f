import type { Direction } from "../../model/network-policy.ts";
import type { PodGroup, State } from "./pod-groups.ts";
import { TableTexts } from "./table-texts.ts";

/** The groups, by direction, that have other rules, or that are another to rules. */
export type ChangedSides = Readonly<Record<Direction, ReadonlySet<PodGroup>>>;

export function changedSides(before: State, after: State, groups: readonly PodGroup[]): ChangedSides {
  const was = new TableTexts(before.evaluator);
  const is = new TableTexts(after.evaluator);
  const changed = (direction: Direction): ReadonlySet<PodGroup> =>
    new Set(
      groups.filter(
        ({ before: old, after: now, isOther }) =>
          isOther || old === undefined || now === undefined || was.of(old, direction) !== is.of(now, direction),
      ),
    );
  return { egress: changed("egress"), ingress: changed("ingress") };
}
