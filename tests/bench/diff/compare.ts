import { readPaths } from "@podwall/agent";
import { type Cluster, type ClusterDiff, SharedReader, clusterFrom, diffClusters } from "@podwall/engine";

/** The parts of the work, in their order: up to the first line, both folders, both clusters, and what differs. */
export const phases = ["start", "read", "decode", "clusters", "diff"] as const;

export type PhaseTimes = Readonly<Record<(typeof phases)[number], number>>;

export interface Compared {
  readonly before: Cluster;
  readonly after: Cluster;
  readonly diff: ClusterDiff;
  readonly phaseMs: PhaseTimes;
}

/** All of the work that is measured, as `podwall diff BEFORE AFTER` does it. Throws on any diagnostic. */
export async function compare(folders: readonly [string, string]): Promise<Compared> {
  const laps = [0, performance.now()];
  const context = { cwd: process.cwd(), readStdin: async () => "" };
  const [was, is] = [await readPaths([folders[0]], context), await readPaths([folders[1]], context)];
  laps.push(performance.now());
  const reader = new SharedReader();
  const [before, after] = [reader.read(was.files), reader.read(is.files)];
  laps.push(performance.now());
  const [problem] = [was, is, before, after].flatMap(({ diagnostics }) => diagnostics);
  if (problem !== undefined) throw new Error(`the folders are not read as they should be: ${problem.message}`);
  const clusters = [clusterFrom(before.objects), clusterFrom(after.objects)] as const;
  laps.push(performance.now());
  const diff = diffClusters(...clusters);
  laps.push(performance.now());
  const times = phases.map((phase, index) => [phase, (laps[index + 1] as number) - (laps[index] as number)]);
  return { before: clusters[0], after: clusters[1], diff, phaseMs: Object.fromEntries(times) as PhaseTimes };
}
