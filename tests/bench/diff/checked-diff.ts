// A program of its own: compares two folders as `measured-diff` does, and random pairs of pods with what the reference
// evaluator says of both states. `checked-diff BEFORE AFTER`
import {
  type Cluster,
  type ConnectionSet,
  type DiffBlock,
  type Pod,
  connections,
  endpointOf,
  formatConnections,
  isPolicyPod,
  podKey,
} from "@podwall/engine";
import { Random } from "../generate/random.ts";
import { countPodPairs, podBlocks } from "./changed-pairs.ts";
import { compare } from "./compare.ts";
import type { CheckedDiff } from "./diff-results.ts";

const pairsToCheck = 2_000;

const [beforeFolder = ".", afterFolder = "."] = process.argv.slice(2);
const { before, after, diff } = await compare([beforeFolder, afterFolder]);
const random = new Random("reference");
const blocks = podBlocks(diff);
const pods = before.pods.filter(isPolicyPod);
const byKey = new Map(pods.map((pod) => [podKey(pod), pod]));
const ends = new Map(diff.ends.flatMap((end) => end.pods.map((key) => [key, end])));

/** Half of them are of any two pods, half of pods that changed. */
const pairs = Array.from({ length: pairsToCheck }, (_, index): readonly [Pod, Pod] => {
  if (index % 2 === 0 || blocks.length === 0) return [random.pick(pods), random.pick(pods)];
  const { sources, destinations } = random.pick(blocks);
  const podOf = (keys: readonly string[]): Pod => byKey.get(random.pick(keys)) as Pod;
  return [podOf(random.pick(sources).pods), podOf(random.pick(destinations).pods)];
}).filter(([source, destination]) => source !== destination);

const differences = pairs.flatMap(([source, destination]) => {
  const expected = changeText(sent(before, source, destination), sent(after, source, destination));
  const block = blockOf(source, destination);
  const found = block === undefined ? "nothing" : changeText(block.before, block.after);
  const pair = `${podKey(source)} -> ${podKey(destination)}`;
  return found === expected ? [] : [`${pair}: reference ${expected}; diff ${found}`];
});
const result: CheckedDiff = {
  podPairs: countPodPairs(diff),
  checkedPairs: pairs.length,
  checkedChanged: pairs.filter(([source, destination]) => blockOf(source, destination) !== undefined).length,
  differences,
};
process.stdout.write(JSON.stringify(result));

function sent(cluster: Cluster, source: Pod, destination: Pod): ConnectionSet {
  return connections(cluster, endpointOf(source), endpointOf(destination));
}

function changeText(was: ConnectionSet, is: ConnectionSet): string {
  const [from, to] = [formatConnections(was), formatConnections(is)];
  return from === to ? "nothing" : `${from} => ${to}`;
}

function blockOf(source: Pod, destination: Pod): DiffBlock | undefined {
  const [from, to] = [ends.get(podKey(source)), ends.get(podKey(destination))];
  if (from === undefined || to === undefined) return undefined;
  return blocks.find(({ sources, destinations }) => sources.includes(from) && destinations.includes(to))?.block;
}
