import type { Cluster } from "../../model/cluster.ts";
import { type ConnectionSet, subtract } from "../../net/connection-set.ts";
import { FastEvaluator } from "../../evaluate/fast/fast-evaluator.ts";
import { nameChanges } from "./by-name-changes.ts";
import { changedSides } from "./changed-sides.ts";
import type { ClusterDiff, DiffAddresses, DiffBlock, DiffEnd, DiffPods, DiffScope } from "./cluster-diff.ts";
import { outsideChanges } from "./outside-changes.ts";
import { pairBlocks } from "./pair-blocks.ts";
import { PodChanges } from "./pod-changes.ts";
import { type State, podGroups } from "./pod-groups.ts";
import { changedPodPairs } from "./pod-pairs.ts";
import { worstFirst } from "./worst-first.ts";

/**
 * What may pass in the second state and might not in the first, and the other way round. Exact: what is in no block may
 * exchange the same in both. As in the map, pods are met by their first address, and that a pod's own node is always
 * reached is left out.
 */
export function diffClusters(before: Cluster, after: Cluster): ClusterDiff {
  const was: State = { cluster: before, evaluator: new FastEvaluator(before) };
  const is: State = { cluster: after, evaluator: new FastEvaluator(after) };
  const groups = podGroups(was, is, new PodChanges(before, after));
  const ends = groups.map(({ end }) => end);
  const endsAt = (indexes: readonly number[]): DiffPods[] => indexes.map((index) => ends[index] as DiffPods);
  const changed = changedSides(was, is, groups);
  const amongPods = pairBlocks(changedPodPairs(was, is, groups, changed), groups).map((block) =>
    diffBlock(
      block.isWithin ? "within-namespace" : "across-namespaces",
      { sources: endsAt(block.sources), destinations: endsAt(block.destinations) },
      { before: block.before.set, after: block.after.set },
    ),
  );
  const withOutside = outsideChanges(was, is, groups, changed).map(({ direction, intervals, groups: own, ...sets }) => {
    const addresses: DiffAddresses = { kind: "addresses", intervals };
    return direction === "ingress"
      ? diffBlock("from-outside", { sources: [addresses], destinations: endsAt(own) }, sets)
      : diffBlock("to-outside", { sources: endsAt(own), destinations: [addresses] }, sets);
  });
  const byName = nameChanges(was, is, groups).map(({ domain, groups: own, ...sets }) =>
    diffBlock("to-outside", { sources: endsAt(own), destinations: [{ kind: "domain", name: domain }] }, sets),
  );
  return { ends, blocks: worstFirst([...withOutside, ...byName, ...amongPods]) };
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
