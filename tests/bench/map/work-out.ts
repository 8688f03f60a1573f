import { readPaths } from "@podwall/agent";
import { type Cluster, clusterFrom, readManifests } from "@podwall/engine";
import { countPairs } from "./open-pairs.ts";
import { type OpenBlock, type PodwallMap, mapOf, totalsByNamespace } from "./podwall-map.ts";

/**
 * The parts of the work, in their order: from the process's birth to its first line, reading files, parsing and decoding,
 * the cluster, what every rule says of every class, and every pair that is open with its port set, added up by namespace.
 */
export const phases = ["start", "read", "decode", "cluster", "rules", "pairs"] as const;

export type PhaseTimes = Readonly<Record<(typeof phases)[number], number>>;

export interface WorkedOut {
  readonly cluster: Cluster;
  readonly map: PodwallMap;
  /** Pairs of classes that may exchange something. */
  readonly classPairs: number;
  readonly totals: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly phaseMs: PhaseTimes;
}

/** All of the work that is measured: from a folder of manifests to the map and its totals. Throws on any diagnostic. */
export async function workOut(folder: string): Promise<WorkedOut> {
  const { cluster, laps } = await clusterOf(folder);
  const map = mapOf(cluster);
  laps.push(performance.now());
  const { classPairs, totals } = totalsOf(map);
  laps.push(performance.now());
  const times = phases.map((phase, index) => [phase, (laps[index + 1] as number) - (laps[index] as number)]);
  return { cluster, map, classPairs, totals, phaseMs: Object.fromEntries(times) as PhaseTimes };
}

/** The cluster of a folder, and when each part of the work so far began, from the process's birth on, and the last ended. */
export async function clusterOf(folder: string): Promise<{ readonly cluster: Cluster; readonly laps: number[] }> {
  const laps = [0, performance.now()];
  const { files, diagnostics } = await readPaths([folder], { cwd: process.cwd(), readStdin: async () => "" });
  laps.push(performance.now());
  const read = readManifests(files);
  laps.push(performance.now());
  const [problem] = [...diagnostics, ...read.diagnostics];
  if (problem !== undefined) throw new Error(`${folder} is not read as it should be: ${problem.message}`);
  const cluster = clusterFrom(read.objects);
  laps.push(performance.now());
  return { cluster, laps };
}

/** The pairs of classes that may exchange something, counted, and of pods by namespace. */
export function totalsOf(map: PodwallMap): Pick<WorkedOut, "classPairs" | "totals"> {
  const counter = { classPairs: 0 };
  const totals = totalsByNamespace(counted(map.blocks(), counter));
  return { ...counter, totals };
}

function* counted(blocks: Iterable<OpenBlock>, counter: { classPairs: number }): Generator<OpenBlock> {
  for (const block of blocks) {
    counter.classPairs += countPairs(block);
    yield block;
  }
}
