import type { ClusterDiff, DiffBlock, DiffPods } from "@podwall/engine";

/** A block of pairs of pods: those of a source with those of a destination. */
interface PodBlock {
  readonly block: DiffBlock;
  readonly sources: readonly DiffPods[];
  readonly destinations: readonly DiffPods[];
}

/** The blocks in which both ends are pods. */
export function podBlocks({ blocks }: ClusterDiff): PodBlock[] {
  const podsOnly = (ends: DiffBlock["sources"]): DiffPods[] => ends.filter((end) => end.kind === "pods");
  return blocks
    .map((block) => ({ block, sources: podsOnly(block.sources), destinations: podsOnly(block.destinations) }))
    .filter(({ sources, destinations }) => sources.length > 0 && destinations.length > 0);
}

/** Ordered pairs of different pods that may exchange something else now. */
export function countPodPairs(diff: ClusterDiff): number {
  return podBlocks(diff).reduce((sum, { sources, destinations }) => {
    const pods = (ends: readonly DiffPods[]): number => ends.reduce((count, end) => count + end.pods.length, 0);
    const to = new Set(destinations);
    const loops = pods(sources.filter((end) => to.has(end)));
    return sum + pods(sources) * pods(destinations) - loops;
  }, 0);
}
