import { join } from "node:path";
import type { Context } from "../context.ts";
import type { BenchInput } from "../generate/bench-input.ts";
import { generateCluster } from "../generate/generate-cluster.ts";
import { manifestFiles } from "../generate/manifests.ts";
import { writeManifests } from "../generate/write-manifests.ts";
import { inputText } from "../input-options.ts";
import { inScratch } from "../measure/in-scratch.ts";
import type { Limits } from "../measure/measured-run.ts";
import { type Spread, spreadOf } from "../measure/spread.ts";
import { megabytes } from "../output/figures.ts";
import { peerProgram } from "../peers/build-peer.ts";
import type { Peer } from "../peers/peer.ts";
import type { MapRow } from "./map-row.ts";
import { type PodwallRound, checkPodwall, measurePodwall } from "./measure-podwall.ts";
import { PeerRace } from "./peer-race.ts";
import { type PhaseTimes, phases } from "./work-out.ts";

export interface MeasureOptions {
  readonly rounds: number;
  readonly limits: Limits;
  readonly peers: readonly Peer[];
  readonly peersFolder: string;
}

/** Measures podwall and its peers on one input, in turn, so that a machine that gets slower does so for all. */
export function measureInput(input: BenchInput, context: Context, options: MeasureOptions): Promise<MapRow> {
  return inScratch((scratch) => measureIn(scratch, input, context, options));
}

async function measureIn(
  scratch: string,
  input: BenchInput,
  context: Context,
  options: MeasureOptions,
): Promise<MapRow> {
  const { rounds: wanted, limits, peersFolder } = options;
  const say = (line: string): void => context.say(`${inputText(input)}: ${line}`);
  const cluster = generateCluster(input);
  const folder = join(scratch, "manifests");
  const files = manifestFiles(cluster, input);
  const bytes = writeManifests(files, folder);
  say(`${megabytes(bytes)} MB of manifests in ${files.length} files`);
  const races = options.peers
    // They know nothing of ClusterNetworkPolicy v1alpha2.
    .filter(({ forms }) => forms.includes(input.form) && !input.mix.clusterPolicies)
    .map((peer) => {
      const peerInput = { folder, cluster, scratch: join(scratch, peer.name) };
      return new PeerRace(peer, peerProgram(peer, peersFolder), peerInput, limits);
    });
  // Not counted: it finds files and programs not yet in memory, and what was just built or written may still be at work.
  say("warming up");
  await measurePodwall(folder, context, limits);
  for (const race of races) await race.warmUp();
  const rounds: PodwallRound[] = [];
  for (let round = 1; round <= wanted; round++) {
    say(`podwall, round ${round} of ${wanted}`);
    rounds.push(await measurePodwall(folder, context, limits));
    for (const race of races.filter(({ isOver }) => !isOver)) {
      say(`${race.name}, round ${round} of ${wanted} at most`);
      await race.round();
    }
  }
  say("comparing with the reference evaluator");
  const checked = await checkPodwall(folder, context, { ...limits, timeMs: 4 * limits.timeMs });
  return {
    ...podwallRow(rounds),
    input,
    files: files.length,
    bytes,
    checked,
    peers: races.map((race) => race.row(checked)),
  };
}

/** The spread over rounds, which must have worked out the same. */
function podwallRow(rounds: readonly PodwallRound[]): Omit<MapRow, "input" | "files" | "bytes" | "checked" | "peers"> {
  const maps = rounds.map(({ measured: { classes, classPairs, podPairs, namespacePairs } }) => {
    return { classes, classPairs, podPairs, namespacePairs };
  });
  const [map, ...others] = maps;
  if (map === undefined) throw new Error("there was no round");
  const different = others.find((other) => JSON.stringify(other) !== JSON.stringify(map));
  if (different !== undefined) throw new Error(`two rounds differ: ${JSON.stringify([map, different])}`);
  const spread = (figure: (round: PodwallRound) => number): Spread => spreadOf(rounds.map(figure));
  const phase = (name: keyof PhaseTimes): Spread => spread(({ measured }) => measured.phaseMs[name]);
  return {
    map,
    rounds: rounds.length,
    wallMs: spread(({ run }) => run.wallMs),
    cpuMs: spread(({ run }) => run.cpuMs),
    peakBytes: spread(({ measured }) => measured.peakBytes),
    phaseMs: Object.fromEntries(phases.map((name) => [name, phase(name)])) as MapRow["phaseMs"],
    evaluationMs: spread(({ measured: { phaseMs } }) => phaseMs.rules + phaseMs.pairs),
  };
}
