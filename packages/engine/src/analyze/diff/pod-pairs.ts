import type { Direction } from "../../model/network-policy.ts";
import { formatConnections, noConnections } from "../../net/connection-set.ts";
import type { ChangedSides } from "./changed-sides.ts";
import type { LooseChange, LooseChanges } from "./loose-changes.ts";
import { OpenPeers } from "./open-peers.ts";
import { PairReader, type ReadSet } from "./pair-reader.ts";
import type { PodGroup, State } from "./pod-groups.ts";

/** A pair of groups, by their places in the list, that may exchange something else now. */
export interface ChangedGroups {
  readonly source: number;
  readonly destination: number;
  readonly before: ReadSet;
  readonly after: ReadSet;
  /** Where the change may depend on what is not known; that is of before and after what passes for sure. */
  readonly loose?: LooseChange;
}

/**
 * Every pair of groups that may exchange something else now, by source. Only pairs of which one side has other rules,
 * or is another than before to rules that are the same, are looked at.
 */
export function* changedPodPairs(
  before: State,
  after: State,
  groups: readonly PodGroup[],
  changed: ChangedSides,
  loose: LooseChanges | undefined,
): Generator<ChangedGroups> {
  const readers: Readers = { was: new PairReader(before.evaluator), is: new PairReader(after.evaluator) };
  const openPeers = new OpenPeers(before, after, groups);
  const toOtherIngress = sourcesOf(openPeers, groups, changed);
  for (const [source, from] of groups.entries()) {
    if (loose !== undefined) yield* loosePairs(source, groups, changed, loose);
    const first = changed.egress.has(from) ? "egress" : "ingress";
    for (const destination of first === "egress" ? openPeers.of(from, first) : (toOtherIngress.get(source) ?? [])) {
      const to = groups[destination] as PodGroup;
      if (source === destination && from.end.pods.length === 1) continue;
      if (loose?.has(from, to) === true) continue;
      const hasOneSide = first === "ingress" || !changed.ingress.has(to);
      if (hasOneSide && sameSide(readers, first, from, to)) continue;
      const [old, now] = bothStates(readers, first, from, to);
      if (old.text !== now.text) yield { source, destination, before: old, after: now };
    }
  }
}

/** The pairs of a source of which the change may depend on what is not known. */
function* loosePairs(
  source: number,
  groups: readonly PodGroup[],
  changed: ChangedSides,
  loose: LooseChanges,
): Generator<ChangedGroups> {
  const from = groups[source] as PodGroup;
  const isOther = changed.egress.has(from) || loose.mayBeOther(from);
  for (const [destination, to] of groups.entries()) {
    if (!isOther && !changed.ingress.has(to) && !loose.mayBeOther(to)) continue;
    if ((source === destination && from.end.pods.length === 1) || !loose.has(from, to)) continue;
    const change = loose.between(from, to);
    if (change === undefined) continue;
    const [before, after] = [change.before, change.after].map((set) => ({ set, text: formatConnections(set) }));
    if (before !== undefined && after !== undefined) yield { source, destination, before, after, loose: change };
  }
}

/** The destinations with another ingress side, by the sources that have the same egress side as before. */
function sourcesOf(
  openPeers: OpenPeers,
  groups: readonly PodGroup[],
  changed: ChangedSides,
): ReadonlyMap<number, readonly number[]> {
  const bySource = new Map<number, number[]>();
  for (const [destination, to] of groups.entries()) {
    if (!changed.ingress.has(to)) continue;
    for (const source of openPeers.of(to, "ingress")) {
      if (changed.egress.has(groups[source] as PodGroup)) continue;
      const others = bySource.get(source);
      if (others === undefined) bySource.set(source, [destination]);
      else others.push(destination);
    }
  }
  return bySource;
}

interface Readers {
  readonly was: PairReader;
  readonly is: PairReader;
}

/** Whether the one side that may say another says the same; the other side says the same then too. */
function sameSide({ was, is }: Readers, direction: Direction, from: PodGroup, to: PodGroup): boolean {
  // A group that is another to the rules of both.
  if (from.isOther || to.isOther) return false;
  const [subject, peer] = direction === "egress" ? [from, to] : [to, from];
  if (!subject.before || !subject.after || !peer.before || !peer.after) return false;
  return was.side(direction, subject.before, peer.before).text === is.side(direction, subject.after, peer.after).text;
}

const nothing: ReadSet = { set: noConnections, text: "none" };

function bothStates({ was, is }: Readers, first: Direction, from: PodGroup, to: PodGroup): readonly [ReadSet, ReadSet] {
  return [
    from.before && to.before ? was.both(from.before, to.before, first) : nothing,
    from.after && to.after ? is.both(from.after, to.after, first) : nothing,
  ];
}
