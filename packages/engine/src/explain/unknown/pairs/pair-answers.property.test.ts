import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { connections } from "../../../evaluate/connections.ts";
import { endpointOf } from "../../../evaluate/endpoint-of.ts";
import type { Cluster } from "../../../model/cluster.ts";
import { type Pod, isPolicyPod } from "../../../model/pod.ts";
import { formatConnections, isEmpty, isSubset, union } from "../../../net/connection-set.ts";
import { arbitraryCluster } from "../../../testing/arbitrary-cluster.ts";
import { arbitraryHidden, arbitraryOther, hasFewWays, hide, hidingFrame } from "../../../testing/hidden-cluster.ts";
import { answerOfPair, missingFactsOfPair, settledEnds } from "../missing-facts.ts";
import { PairAnswers } from "./pair-answers.ts";

function answersOf(pairs: PairAnswers, cluster: Cluster, from: number, to: number): readonly string[] {
  return pairs
    .outcomes(pairs.end([cluster.pods[from]]), pairs.end([cluster.pods[to]]))
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
                const named = pairs.missing(pairs.end([source]), pairs.end([destination])).map(({ kind }) => kind);
                expect(named).not.toEqual([]);
                if (named.join() === missing.map(({ kind }) => kind).join()) counts.named++;
              }
              const one = answerOfPair(seen, others, ends.source, ends.destination);
              const many = pairs.answer([pairs.end([source])], [pairs.end([destination])]);
              if (hasFewWays(hidden)) {
                expect(formatConnections(many.certain)).toBe(formatConnections(one.certain));
                expect(formatConnections(many.uncertain)).toBe(formatConnections(one.uncertain));
              }
              const mayDepend = pairs.mayDepend(pairs.end([source]), pairs.end([destination]));
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

  it("are of several states at least and at most what each may be", () => {
    let several = 0;
    fc.assert(
      fc.property(
        arbitraryCluster(hidingFrame),
        arbitraryCluster(hidingFrame),
        arbitraryHidden,
        (whole, other, hidden) => {
          const before = hide(whole, hidden);
          const after: Cluster = { ...before, policies: other.policies, clusterPolicies: other.clusterPolicies };
          const states = [before, after].map((cluster) => ({ cluster, others: [] }));
          const pairs = new PairAnswers(states, { mostWork: Number.POSITIVE_INFINITY });
          const ends = before.pods.filter(isPolicyPod).map((pod) => ({ pod, end: pairs.end([pod, pod]) }));
          for (const source of ends) {
            for (const destination of ends) {
              if (source === destination) continue;
              const outcomes = pairs.outcomes(source.end, destination.end);
              if (outcomes.length > 1) several++;
              for (const [index, cluster] of [before, after].entries()) {
                const one = answerOfPair(cluster, [], endpointOf(source.pod), endpointOf(destination.pod));
                const { least, most } = pairs.rangeOf(outcomes.map((outcome) => outcome[index] as number));
                const range = pairs.range(source.end, destination.end, "first", index);
                const isWithin = pairs.pool.subtract(range.least, least) + pairs.pool.subtract(most, range.most) === 0;
                expect(isWithin).toBe(true);
                const [sure, maybe] = [one.certain, union(one.certain, one.uncertain)];
                // Blocks of the other state find addresses that are free, where all bounds of this one's are taken.
                expect(isSubset(pairs.pool.get(least), sure) && isSubset(maybe, pairs.pool.get(most))).toBe(true);
                if (hidden.addressesOf.length > 0) continue;
                expect(formatConnections(pairs.pool.get(least))).toBe(formatConnections(sure));
                expect(formatConnections(pairs.pool.get(most))).toBe(formatConnections(maybe));
              }
            }
          }
        },
      ),
      { numRuns: 10 },
    );
    expect(several).toBeGreaterThan(10);
  });

  it("are simply unknown where there are too many ways to try", () => {
    const hidden = { namespaces: ["y"], addressesOf: ["pod-1"], nodesOf: [] };
    fc.assert(
      fc.property(arbitraryCluster(hidingFrame), (whole) => {
        const seen = hide(whole, hidden);
        const pairs = new PairAnswers([{ cluster: seen, others: [] }], { mostWork: 0 });
        if (pairs.isWhole) return;
        const answer = pairs.answer([pairs.end([seen.pods[0] as Pod])], [pairs.end([seen.pods[2] as Pod])]);
        const isLoose = !isEmpty(answer.uncertain);
        if (!isLoose) return;
        expect(formatConnections(answer.uncertain)).toBe("all");
        expect(answer.missing).not.toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});
