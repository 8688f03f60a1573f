import type { Cluster } from "../../model/cluster.ts";
import { type ConnectionSet, isEmpty, subtract } from "../../net/connection-set.ts";
import { FastEvaluator } from "../../evaluate/fast/fast-evaluator.ts";
import type { MissingFact } from "../../explain/unknown/missing-fact.ts";
import type { SeenState } from "../../explain/unknown/pairs/ways.ts";
import { nameChanges } from "./by-name-changes.ts";
import { changedSides } from "./changed-sides.ts";
import type { ClusterDiff, DiffAddresses, DiffBlock, DiffEnd, DiffPods, DiffScope } from "./cluster-diff.ts";
import { type LooseChange, LooseChanges } from "./loose-changes.ts";
import { outsideChanges } from "./outside-changes.ts";
import { pairBlocks } from "./pair-blocks.ts";
import { PodChanges } from "./pod-changes.ts";
import { type PodGroup, type State, podGroups } from "./pod-groups.ts";
import { changedPodPairs } from "./pod-pairs.ts";
import { worstFirst } from "./worst-first.ts";

/**
 * What may pass in the second state and might not in the first, and the other way round. Exact: what is in no block may
 * exchange the same in both. As in the map, pods are met by their first address, and that a pod's own node is always
 * reached is left out.
 */
export function diffClusters(before: Cluster, after: Cluster, seen?: SeenStates): ClusterDiff {
  const was: State = { cluster: before, evaluator: new FastEvaluator(before) };
  const is: State = { cluster: after, evaluator: new FastEvaluator(after) };
  const groups = podGroups(was, is, new PodChanges(before, after));
  const ends = groups.map(({ end }) => end);
  const endsAt = (indexes: readonly number[]): DiffPods[] => indexes.map((index) => ends[index] as DiffPods);
  const changed = changedSides(was, is, groups);
  const found =
    seen &&
    new LooseChanges(
      [
        { ...was, ...seen.before },
        { ...is, ...seen.after },
      ],
      groups,
    );
  const loose = found?.isEmpty === true ? undefined : found;
  const groupsAt = (indexes: readonly number[]): PodGroup[] => indexes.map((index) => groups[index] as PodGroup);
  const amongPods = pairBlocks(changedPodPairs(was, is, groups, changed, loose), groups).map((block) => {
    const made = diffBlock(
      block.isWithin ? "within-namespace" : "across-namespaces",
      { sources: endsAt(block.sources), destinations: endsAt(block.destinations) },
      { before: block.before.set, after: block.after.set },
    );
    return withUnknown(made, block.loose, () =>
      groupsAt(block.sources).flatMap((source) =>
        groupsAt(block.destinations).flatMap((destination) => loose?.missing(source, destination) ?? []),
      ),
    );
  });
  const withOutside = outsideChanges(was, is, groups, changed, loose).map((change) => {
    const { direction, intervals, groups: own, before: old, after: now } = change;
    const addresses: DiffAddresses = { kind: "addresses", intervals };
    const sets = { before: old, after: now };
    const made =
      direction === "ingress"
        ? diffBlock("from-outside", { sources: [addresses], destinations: endsAt(own) }, sets)
        : diffBlock("to-outside", { sources: endsAt(own), destinations: [addresses] }, sets);
    return withUnknown(made, change.loose, () =>
      groupsAt(own).flatMap((group) => loose?.missingOutside(direction, group) ?? []),
    );
  });
  const named = [
    { ...was, others: seen?.before.others ?? [] },
    { ...is, others: seen?.after.others ?? [] },
  ] as const;
  const byName = nameChanges(...named, groups).map(({ domain, groups: own, change, missing }) => {
    const made = diffBlock(
      "to-outside",
      { sources: endsAt(own), destinations: [{ kind: "domain", name: domain }] },
      change,
    );
    return withUnknown(made, change, () => missing);
  });
  return { ends, blocks: worstFirst([...withOutside, ...byName, ...amongPods]) };
}

/** What of the input of two states no answer is made of. */
export interface SeenStates {
  readonly before: Omit<SeenState, "cluster">;
  readonly after: Omit<SeenState, "cluster">;
}

function withUnknown(
  block: DiffBlock,
  change: LooseChange | undefined,
  missing: () => readonly MissingFact[],
): DiffBlock {
  if (change === undefined) return block;
  const { opened, closed, maybeOpened, maybeClosed } = change;
  const isKnown = isEmpty(maybeOpened) && isEmpty(maybeClosed);
  const unknown = isKnown ? {} : { unknown: { opened: maybeOpened, closed: maybeClosed, missing: missing() } };
  return { ...block, opened, closed, ...unknown };
}

function diffBlock(
  scope: DiffScope,
  { sources, destinations }: { readonly sources: readonly DiffEnd[]; readonly destinations: readonly DiffEnd[] },
  { before, after }: { readonly before: ConnectionSet; readonly after: ConnectionSet },
): DiffBlock {
  const itself = new Set(sources.filter((end) => end.kind === "pods" && end.pods.length === 1));
  const loops = destinations.filter((end) => itself.has(end)).length;
  const pairs = sources.length * destinations.length - loops;
  const [opened, closed] = [subtract(after, before), subtract(before, after)];
  return { sources, destinations, scope, before, after, opened, closed, pairs };
}
