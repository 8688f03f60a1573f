import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Endpoint } from "../../evaluate/connection.ts";
import { endpointOf } from "../../evaluate/endpoint-of.ts";
import { verdict } from "../../evaluate/reference-evaluator.ts";
import type { Cluster } from "../../model/cluster.ts";
import { arbitraryCluster } from "../../testing/arbitrary-cluster.ts";
import { arbitraryHidden, hide, hidingFrame as frame } from "../../testing/hidden-cluster.ts";
import { missingFacts, settledEnds } from "./missing-facts.ts";

describe("an answer from which nothing is missing", () => {
  it("is the answer of the whole cluster, whatever of it is hidden", () => {
    const counts = { known: 0, unknown: 0, wrong: 0 };
    fc.assert(
      fc.property(arbitraryCluster(frame), arbitraryHidden, (whole, hidden) => {
        const seen = hide(whole, hidden);
        const ends = (cluster: Cluster): Endpoint[] => [
          ...cluster.pods.map((pod) => endpointOf(pod)),
          ...frame.outside.map((own) => ({ kind: "address" as const, address: own })),
        ];
        for (const [i, source] of ends(seen).entries()) {
          for (const [j, destination] of ends(seen).entries()) {
            const asked = { protocol: "TCP", port: 80 } as const;
            const truth = verdict(whole, {
              source: ends(whole)[i] as Endpoint,
              destination: ends(whole)[j] as Endpoint,
              ...asked,
            }).allowed;
            const given = verdict(seen, { ...settledEnds(seen, { source, destination }), ...asked }).allowed;
            const missing = missingFacts(seen, [], { source, destination, ...asked });
            counts[missing.length > 0 ? "unknown" : "known"]++;
            if (given !== truth) {
              counts.wrong++;
              expect(missing).not.toEqual([]);
            }
          }
        }
      }),
      { numRuns: 30 },
    );
    // Most of what is given as unknown is so only because of what is hidden.
    expect(counts.wrong).toBeGreaterThan(10);
    expect(counts.known).toBeGreaterThan(counts.unknown);
  });
});
