import type { Direction } from "../../model/network-policy.ts";
import { isPolicyPod } from "../../model/pod.ts";
import { compareAddresses, formatAddress } from "../../net/address.ts";
import { type ConnectionSet, formatConnections, noConnections } from "../../net/connection-set.ts";
import type { AddressInterval } from "../../rules/predicate.ts";
import type { AddressPiece, AddressSet } from "../../evaluate/fast/address-sets.ts";
import type { FastEvaluator } from "../../evaluate/fast/fast-evaluator.ts";
import type { PodClass } from "../../evaluate/fast/pod-class.ts";
import type { RuleTable } from "../../evaluate/fast/rule-table.ts";
import { formatIntervals, joinIntervals } from "../address-intervals.ts";
import type { ChangedSides } from "./changed-sides.ts";
import type { LooseChange, LooseChanges } from "./loose-changes.ts";
import { nodesDiffer } from "./pod-changes.ts";
import type { PodGroup, State } from "./pod-groups.ts";

/** Addresses with which pods may exchange something else now. */
export interface OutsideChange {
  /** That of the pods: `egress` is from them. */
  readonly direction: Direction;
  readonly intervals: readonly AddressInterval[];
  readonly before: ConnectionSet;
  readonly after: ConnectionSet;
  /** The groups for which this is so, by their places in the list. */
  readonly groups: readonly number[];
  /** Where the change may depend on what is not known. */
  readonly loose?: LooseChange;
}

/** What changed between pods and addresses that no pod is known to have; the own node of a pod is left out. */
export function outsideChanges(
  before: State,
  after: State,
  groups: readonly PodGroup[],
  changed: ChangedSides,
  loose: LooseChanges | undefined,
): readonly OutsideChange[] {
  // Of the same rules, those about nodes and about pods that are not known may hold for other addresses.
  const hasOtherNodes = nodesDiffer(before.cluster, after.cluster);
  const atoms = atomsOf(before, after);
  const known = new Map<RuleTable | undefined, Map<RuleTable | undefined, readonly Change[]>>();
  const changes = new Map<string, Gathered>();
  for (const direction of ["ingress", "egress"] as const) {
    const tableOf = ({ evaluator }: State, podClass: PodClass | undefined): RuleTable | undefined =>
      podClass && evaluator.tableOf(podClass, direction);
    for (const [index, group] of groups.entries()) {
      if (loose?.hasOutside(group, direction) === true) {
        for (const change of looseOutside(loose, direction, group, atoms)) {
          addChange(changes, `${direction} ${change.key}`, { direction, ...change, groups: [index] });
        }
        continue;
      }
      if (!hasOtherNodes && !changed[direction].has(group)) continue;
      const [was, is] = [tableOf(before, group.before), tableOf(after, group.after)];
      const byAfter = known.get(was) ?? new Map<RuleTable | undefined, readonly Change[]>();
      known.set(was, byAfter);
      let found = byAfter.get(is);
      if (found === undefined) byAfter.set(is, (found = changesBetween(reader(before, was), reader(after, is), atoms)));
      for (const change of found) {
        addChange(changes, `${direction} ${change.key}`, { direction, ...change, groups: [index] });
      }
    }
  }
  return [...changes.values()];
}

type Gathered = OutsideChange & { readonly groups: number[] };

function addChange(changes: Map<string, Gathered>, key: string, change: Gathered): void {
  const same = changes.get(key);
  if (same === undefined) changes.set(key, change);
  else same.groups.push(...change.groups);
}

/** What of one group changes, address by address, where that may depend on what is not known. */
function looseOutside(
  loose: LooseChanges,
  direction: Direction,
  group: PodGroup,
  atoms: readonly Atom[],
): readonly (Change & { readonly loose: LooseChange })[] {
  const byText = new Map<string, { readonly change: LooseChange; readonly same: Atom[] }>();
  for (const atom of atoms) {
    const change = loose.outside(direction, group, atom.first);
    if (change === undefined) continue;
    const others = byText.get(change.text);
    if (others === undefined) byText.set(change.text, { change, same: [atom] });
    else others.same.push(atom);
  }
  return Array.from(byText.values(), ({ change, same }) => {
    const intervals = joinIntervals(same);
    const key = `${change.text} ${formatIntervals(intervals)} ?`;
    return { before: change.before, after: change.after, intervals, key, loose: change };
  });
}

/** Addresses that neither state tells apart. */
interface Atom extends AddressInterval {
  readonly before: AddressSet;
  readonly after: AddressSet;
}

interface Change extends Pick<OutsideChange, "intervals" | "before" | "after"> {
  readonly key: string;
}

function atomsOf(before: State, after: State): readonly Atom[] {
  const pods = new Set([...podAddresses(before), ...podAddresses(after)]);
  return ([4, 6] as const)
    .flatMap((family) => commonPieces(before.evaluator.addressPieces(family), after.evaluator.addressPieces(family)))
    .filter(({ first, last }) => compareAddresses(first, last) !== 0 || !pods.has(formatAddress(first)));
}

function podAddresses({ cluster }: State): string[] {
  return cluster.pods.filter(isPolicyPod).flatMap(({ addresses }) => addresses.map(formatAddress));
}

/** Both lists run from the first address of a family to the last. */
function commonPieces(before: readonly AddressPiece[], after: readonly AddressPiece[]): Atom[] {
  const atoms: Atom[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [a, b] = [before[i], after[j]];
    if (a === undefined || b === undefined) return atoms;
    const first = compareAddresses(a.first, b.first) > 0 ? a.first : b.first;
    const order = compareAddresses(a.last, b.last);
    atoms.push({ first, last: order < 0 ? a.last : b.last, before: a.set, after: b.set });
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
}

type Reader = (addresses: AddressSet) => number;

/** What a table says of addresses, as numbers; nothing where there is no table. */
function reader({ evaluator }: State, table: RuleTable | undefined): Reading {
  return {
    evaluator,
    number: (addresses) => (table === undefined ? 0 : table.allowedOutside({ addresses, hasPodAddress: false })),
  };
}

interface Reading {
  readonly evaluator: FastEvaluator;
  readonly number: Reader;
}

function changesBetween(was: Reading, is: Reading, atoms: readonly Atom[]): readonly Change[] {
  const byNumbers = new Map<string, Atom[]>();
  for (const atom of atoms) {
    const key = `${was.number(atom.before)} ${is.number(atom.after)}`;
    const others = byNumbers.get(key);
    if (others === undefined) byNumbers.set(key, [atom]);
    else others.push(atom);
  }
  return [...byNumbers.values()].flatMap((same) => {
    const [{ before, after }] = same as [Atom, ...Atom[]];
    const [old, now] = [setOf(was, before), setOf(is, after)];
    const [oldText, nowText] = [formatConnections(old), formatConnections(now)];
    if (oldText === nowText) return [];
    const intervals = joinIntervals(same);
    return [{ before: old, after: now, intervals, key: `${oldText} > ${nowText} ${formatIntervals(intervals)}` }];
  });
}

function setOf({ evaluator, number }: Reading, addresses: AddressSet): ConnectionSet {
  const found = number(addresses);
  return found === 0 ? noConnections : evaluator.setOf(found);
}
