import {
  type ConnectionSet,
  FastEvaluator,
  formatConnections,
  isEmpty,
  isPolicyPod,
  podKey,
} from "../../packages/engine/src/index.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endpointOf } from "../../packages/engine/src/evaluate/endpoint-of.ts";
import { isNodeEnd } from "../../packages/engine/src/evaluate/tier-rules.ts";
import { answerOfPair } from "../../packages/engine/src/explain/unknown/missing-facts.ts";
import { arbitraryCluster } from "../../packages/engine/src/testing/arbitrary-cluster.ts";
import {
  arbitraryHidden,
  arbitraryOther,
  hasFewWays,
  hide,
  hidingFrame,
} from "../../packages/engine/src/testing/hidden-cluster.ts";
import { connectionMap } from "../../packages/report/src/map/connection-map.ts";
import { outsideEnds } from "../../packages/report/src/map/outside-ends.ts";
import { mapTotals } from "../../packages/report/src/map/totals.ts";

/** Each pod is a workload of its own, so that it is an end of its own. */
const frame = {
  ...hidingFrame,
  pods: hidingFrame.pods.map((pod) => ({ ...pod, workload: { kind: "Deployment", name: pod.name } })),
};

function text(connections: ConnectionSet, unknown: ConnectionSet | undefined): string {
  return `${formatConnections(connections)} ? ${unknown === undefined ? "none" : formatConnections(unknown)}`;
}

describe("the map of a cluster that is not wholly known, of random clusters", () => {
  it("says of each pair, and counts, what the reference evaluator says in every way", () => {
    const counts = { known: 0, unknown: 0, outside: 0 };
    fc.assert(
      fc.property(
        arbitraryCluster(frame),
        arbitraryHidden.filter(hasFewWays),
        fc.array(arbitraryOther, { maxLength: 2 }),
        (whole, hidden, others) => {
          const cluster = hide(whole, hidden);
          const { pairs } = connectionMap(cluster, others);
          const found = new Map(pairs.map((pair) => [`${pair.source} ${pair.destination}`, pair]));
          const check = (name: string, certain: ConnectionSet, uncertain: ConnectionSet): void => {
            const pair = found.get(name);
            expect(`${name} ${text(certain, uncertain)}`).toBe(
              `${name} ${pair === undefined ? "none ? none" : text(pair.connections, pair.unknown?.connections)}`,
            );
            if (pair?.unknown === undefined) return;
            expect(pair.unknown.missing).not.toEqual([]);
          };
          const totals = new Map<string, { open: number; unknown: number }>();
          const pods = cluster.pods.filter(isPolicyPod);
          for (const source of pods) {
            for (const destination of pods) {
              if (source === destination) continue;
              const answer = answerOfPair(cluster, others, endpointOf(source), endpointOf(destination));
              check(`${podKey(source)} ${podKey(destination)}`, answer.certain, answer.uncertain);
              counts[isEmpty(answer.uncertain) ? "known" : "unknown"]++;
              const key = `${source.namespace} ${destination.namespace}`;
              const total = totals.get(key) ?? { open: 0, unknown: 0 };
              totals.set(key, total);
              if (!isEmpty(answer.certain)) total.open++;
              else if (!isEmpty(answer.uncertain)) total.unknown++;
            }
          }
          const counted = mapTotals(cluster, others).map(({ source, destination, open, unknown = 0 }) => [
            `${source} ${destination}`,
            { open, unknown },
          ]);
          const expected = [...totals].filter(([, { open, unknown }]) => open + unknown > 0);
          expect(counted).toEqual(expected.sort(([a], [b]) => (a < b ? -1 : 1)));
          for (const [name, peer] of outsideEnds(cluster, new FastEvaluator(cluster))) {
            // That a pod reaches its own node is no part of a map.
            if ([...cluster.nodes.keys()].some((node) => isNodeEnd(cluster, node, peer))) continue;
            for (const pod of pods) {
              const sent = answerOfPair(cluster, others, endpointOf(pod), peer);
              check(`${podKey(pod)} ${name}`, sent.certain, sent.uncertain);
              const taken = answerOfPair(cluster, others, peer, endpointOf(pod));
              check(`${name} ${podKey(pod)}`, taken.certain, taken.uncertain);
              if (!isEmpty(sent.uncertain) || !isEmpty(taken.uncertain)) counts.outside++;
            }
          }
        },
      ),
      { numRuns: 20 },
    );
    expect(counts.known).toBeGreaterThan(40);
    expect(counts.unknown).toBeGreaterThan(20);
    expect(counts.outside).toBeGreaterThan(5);
  });
});
