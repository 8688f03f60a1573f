import type { LooseChange } from "./loose-changes.ts";
import type { ChangedGroups } from "./pod-pairs.ts";
import type { PodGroup } from "./pod-groups.ts";
import type { ReadSet } from "./pair-reader.ts";

/** Pairs of groups that change alike: each source with each destination, but no group of one pod with itself. */
export interface PairBlock {
  readonly sources: readonly number[];
  readonly destinations: readonly number[];
  readonly isWithin: boolean;
  readonly before: ReadSet;
  readonly after: ReadSet;
  readonly loose?: LooseChange;
}

/** Gathers pairs, which come by source, in few blocks. */
export function pairBlocks(pairs: Iterable<ChangedGroups>, groups: readonly PodGroup[]): readonly PairBlock[] {
  const isSingle = (index: number): boolean => groups[index]?.end.pods.length === 1;
  return mergeMeshes(mergeSources(rowsOf(pairs, groups)), isSingle);
}

type MutableBlock = PairBlock & { sources: number[]; destinations: number[] };

/** A block for each source and each way in which its pairs change. */
function* rowsOf(pairs: Iterable<ChangedGroups>, groups: readonly PodGroup[]): Generator<MutableBlock> {
  let rows = new Map<string, MutableBlock>();
  let current: number | undefined;
  for (const { source, destination, before, after, loose } of pairs) {
    if (source !== current) {
      yield* rows.values();
      rows = new Map();
      current = source;
    }
    const isWithin = groups[source]?.end.namespace === groups[destination]?.end.namespace;
    const key = changeKey({ isWithin, before, after, ...(loose && { loose }) });
    const row = rows.get(key);
    if (row === undefined) {
      const block = { sources: [source], destinations: [destination], isWithin, before, after };
      rows.set(key, { ...block, ...(loose && { loose }) });
    } else row.destinations.push(destination);
  }
  yield* rows.values();
}

function changeKey({
  isWithin,
  before,
  after,
  loose,
}: Pick<PairBlock, "isWithin" | "before" | "after" | "loose">): string {
  return `${isWithin} ${before.text} > ${after.text}${loose === undefined ? "" : ` ? ${loose.text}`}`;
}

function blockKey(block: PairBlock, destinations: readonly number[]): string {
  return `${changeKey(block)} ${destinations.join(" ")}`;
}

/** Sources with the same destinations are one block. */
function mergeSources(rows: Iterable<MutableBlock>): Map<string, MutableBlock> {
  const blocks = new Map<string, MutableBlock>();
  for (const row of rows) {
    const key = blockKey(row, row.destinations);
    const block = blocks.get(key);
    if (block === undefined) blocks.set(key, row);
    else block.sources.push(...row.sources);
  }
  return blocks;
}

/** Ends that all change towards each other: each lacks itself among its destinations, and they are one block. */
function mergeMeshes(blocks: Map<string, MutableBlock>, isSingle: (group: number) => boolean): readonly PairBlock[] {
  const meshes = new Map<string, string[]>();
  for (const [key, block] of blocks) {
    const [source] = block.sources;
    if (source === undefined || block.sources.length > 1 || !isSingle(source)) continue;
    const whole = blockKey(block, withMember(block.destinations, source));
    const others = meshes.get(whole);
    if (others === undefined) meshes.set(whole, [key]);
    else others.push(key);
  }
  for (const [whole, keys] of meshes) {
    // One may have become part of another mesh, or have taken others in.
    const free = keys.filter((key) => blocks.get(key)?.sources.length === 1);
    const members = free.map((key) => blocks.get(key) as MutableBlock);
    const into = blocks.get(whole);
    const [sample] = members;
    if (sample === undefined || (into === undefined && members.length === 1)) continue;
    const sources = [...(into?.sources ?? []), ...members.flatMap((member) => member.sources)].sort((a, b) => a - b);
    const destinations = into?.destinations ?? withMember(sample.destinations, sample.sources[0] as number);
    for (const key of free) blocks.delete(key);
    blocks.set(whole, { ...sample, sources, destinations });
  }
  return [...blocks.values()];
}

function withMember(sorted: readonly number[], member: number): number[] {
  return [...sorted, member].sort((a, b) => a - b);
}
