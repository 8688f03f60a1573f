import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { connections } from "../../../evaluate/connections.ts";
import { endpointOf } from "../../../evaluate/endpoint-of.ts";
import type { Cluster } from "../../../model/cluster.ts";
import type { OtherPolicy } from "../../../model/other-object.ts";
import { type Pod, isPolicyPod } from "../../../model/pod.ts";
import { formatConnections, isEmpty } from "../../../net/connection-set.ts";
import { arbitraryCluster } from "../../../testing/arbitrary-cluster.ts";
import { arbitraryHidden, hide, hidingFrame } from "../../../testing/hidden-cluster.ts";
import { missingFactsOfPair, settledEnds } from "../missing-facts.ts";
import { PairAnswers } from "./pair-answers.ts";

const arbitraryOther: fc.Arbitrary<OtherPolicy> = fc.record({
  role: fc.constant("policy" as const),
  apiVersion: fc.constant("cilium.io/v2"),
  kind: fc.constant("CiliumNetworkPolicy"),
  name: fc.constantFrom("one", "two"),
  namespace: fc.constantFrom("x", "y"),
  requirements: fc.constantFrom([], [{ key: "app", operator: "In" as const, values: ["a"] }]),
  directions: fc.constantFrom(["ingress" as const], ["egress" as const], ["ingress" as const, "egress" as const]),
  effect: fc.constantFrom("allows-and-denies" as const, "denies" as const),
});

function answersOf(pairs: PairAnswers, cluster: Cluster, from: number, to: number): readonly string[] {
  return pairs
    .outcomes([cluster.pods[from]], [cluster.pods[to]])
    .map(([number]) => formatConnections(pairs.pool.get(number as number)));
}

describe("answers for many pairs", () => {
  it("are unknown where the answer for one is, and name facts then; else they are its answer", () => {
    const counts = { known: 0, unknown: 0, named: 0 };
    fc.assert(
      fc.property(
        arbitraryCluster(hidingFrame),
        arbitraryHidden,
        fc.array(arbitraryOther, { maxLength: 2 }),
        (whole, hidden, others) => {
          const seen = hide(whole, hidden);
          const pairs = new PairAnswers([{ cluster: seen, others }], { mostWork: Number.POSITIVE_INFINITY });
          const isPod = (index: number): boolean => isPolicyPod(seen.pods[index] as (typeof seen.pods)[number]);
          for (const [i, source] of seen.pods.entries()) {
            for (const [j, destination] of seen.pods.entries()) {
              if (i === j || !isPod(i) || !isPod(j)) continue;
              const ends = { source: endpointOf(source), destination: endpointOf(destination) };
              const missing = missingFactsOfPair(seen, others, ends.source, ends.destination);
              const answers = answersOf(pairs, seen, i, j);
              const truth = connections(
                whole,
                endpointOf(whole.pods[i] as typeof source),
                endpointOf(whole.pods[j] as typeof source),
              );
              expect(answers).toContain(formatConnections(truth));
              expect(answers.length > 1).toBe(missing.length > 0);
              if (answers.length === 1) {
                const settled = settledEnds(seen, ends);
                expect(answers).toEqual([formatConnections(connections(seen, settled.source, settled.destination))]);
                counts.known++;
              } else {
                counts.unknown++;
                const named = pairs.missing([source], [destination]).map(({ kind }) => kind);
                expect(named).not.toEqual([]);
                if (named.join() === missing.map(({ kind }) => kind).join()) counts.named++;
              }
              const mayDepend = pairs.mayDepend(pairs.profileOf([source]), pairs.profileOf([destination]));
              if (!mayDepend || pairs.isWhole) {
                expect(answers).toEqual([formatConnections(connections(seen, ends.source, ends.destination))]);
              }
            }
          }
        },
      ),
      { numRuns: 15 },
    );
    expect(counts.known).toBeGreaterThan(40);
    expect(counts.unknown).toBeGreaterThan(20);
    expect(counts.named).toBeGreaterThan(counts.unknown / 2);
  });

  it("are simply unknown where there are too many ways to try", () => {
    const hidden = { namespaces: ["y"], addressesOf: ["pod-1"], nodesOf: [] };
    fc.assert(
      fc.property(arbitraryCluster(hidingFrame), (whole) => {
        const seen = hide(whole, hidden);
        const pairs = new PairAnswers([{ cluster: seen, others: [] }], { mostWork: 0 });
        if (pairs.isWhole) return;
        const answer = pairs.answer(seen.pods[0] as Pod, seen.pods[2] as Pod);
        const isLoose = !isEmpty(answer.uncertain);
        if (!isLoose) return;
        expect(formatConnections(answer.uncertain)).toBe("all");
        expect(answer.missing).not.toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});
