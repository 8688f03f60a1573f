// A program of its own: works out the map of a folder as `measured-map` does, compares it with the reference evaluator
// and asks it questions. `checked-map FOLDER`
import { type Cluster, allows } from "@podwall/engine";
import { probePort } from "../peers/probe-port.ts";
import { checkAgainstReference } from "./check-against-reference.ts";
import { checksumOf } from "./checksum.ts";
import { loadedFigures } from "./loaded-figures.ts";
import type { CheckedMap } from "./map-results.ts";
import { type OpenPair, countWorkloadPairs, openPairs, sizeOf } from "./open-pairs.ts";
import { mapOf } from "./podwall-map.ts";
import { workOut } from "./work-out.ts";

const pairsToCheck = 10_000;

const { cluster, map } = await workOut(process.argv[2] ?? ".");
const check = checkAgainstReference(cluster, map, pairsToCheck, "reference");
const result: CheckedMap = {
  podPairs: sizeOf(openPairs(map.blocks())).podPairs,
  checksum: checksumOf(map.blocks()),
  checkedPairs: check.pairs,
  checkedOpen: check.open,
  differences: check.differences,
  podPairsAtProbePort: sizeOf(atProbePort(openPairs(map.blocks()))).podPairs,
  workloadPairsWithoutBlocks: countWorkloadPairs(openPairs(mapOf(withoutPodAddresses(cluster)).blocks())),
  // Last, because a cluster that was changed and put back has its classes in another order.
  loaded: loadedFigures(cluster, map),
};
process.stdout.write(JSON.stringify(result));

function* atProbePort(pairs: Iterable<OpenPair>): Generator<OpenPair> {
  for (const pair of pairs) if (allows(pair.connections, "TCP", probePort)) yield pair;
}

function withoutPodAddresses(whole: Cluster): Cluster {
  return { ...whole, pods: whole.pods.map((pod) => ({ ...pod, addresses: [] })) };
}
