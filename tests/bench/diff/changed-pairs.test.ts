import {
  type Cluster,
  clusterFrom,
  connections,
  diffClusters,
  endpointOf,
  formatConnections,
  readManifests,
} from "@podwall/engine";
import { expect, it } from "vitest";
import type { BenchInput } from "../generate/bench-input.ts";
import { generateCluster } from "../generate/generate-cluster.ts";
import type { GeneratedCluster } from "../generate/generated-cluster.ts";
import { manifestFiles } from "../generate/manifests.ts";
import { mixes } from "../generate/mix.ts";
import { changePolicies } from "./change-policies.ts";
import { countPodPairs } from "./changed-pairs.ts";

const [mix] = mixes;
if (mix === undefined) throw new Error("there is no mix");
const profile = { name: "small", namespaces: 6, pods: 60, policies: 60 };
const input: BenchInput = { profile, mix, form: "pods", dualStack: false, seed: "1" };

function clusterOf(generated: GeneratedCluster): Cluster {
  const files = manifestFiles(generated, input).map(({ path, text }) => ({ name: path, text }));
  return clusterFrom(readManifests(files).objects);
}

it("counts the pairs of pods of which the reference evaluator says another after ten policies changed", () => {
  const generated = generateCluster(input);
  const [before, after] = [clusterOf(generated), clusterOf(changePolicies(generated, 10))];
  expect(before.policies.length - after.policies.length).toBe(5);
  const sent = (cluster: Cluster, from: number, to: number): string => {
    const [source, destination] = [before.pods[from], before.pods[to]];
    if (source === undefined || destination === undefined) throw new Error("there is no such pod");
    return formatConnections(connections(cluster, endpointOf(source), endpointOf(destination)));
  };
  const places = before.pods.keys();
  const changed = [...places].flatMap((from) =>
    [...before.pods.keys()].filter((to) => from !== to && sent(before, from, to) !== sent(after, from, to)),
  );
  expect(changed.length).toBeGreaterThan(0);
  expect(countPodPairs(diffClusters(before, after))).toBe(changed.length);
});
