import { type Cidr, type NetworkPolicy, parseCidr } from "@podwall/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { excessOf, mostParts, partsOf } from "./namespace-parts.ts";

const values = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `v${index}`);

describe("the parts of a policy", () => {
  it("are itself, and its rules, peers, ports, values and address blocks", () => {
    const cidr = parseCidr("192.0.2.0/24").cidr as Cidr;
    const path = "";
    const policy: NetworkPolicy = {
      kind: "NetworkPolicy",
      namespace: "shop",
      name: "web",
      podSelector: { requirements: [{ key: "a", operator: "Exists", values: [] }] },
      directions: ["ingress", "egress"],
      ingress: [{ path, peers: [{ kind: "ipBlock", path, cidr, except: [cidr, cidr] }], ports: [] }],
      egress: [
        {
          path,
          peers: [
            { kind: "pods", path, podSelector: { requirements: [{ key: "a", operator: "In", values: values(9) }] } },
          ],
          ports: [{ path, protocol: "TCP", port: { kind: "all" } }],
        },
      ],
    };
    // The policy and its subjects; a rule, a block and its exceptions; a rule, a port, a peer and its values.
    expect(partsOf(policy)).toBe(2 + 4 + 12);
  });
});

describe("what is too much of a namespace", () => {
  const sizes = fc
    .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 50 }).map(String), fc.integer({ min: 1, max: 40_000 })), {
      selector: ([key]) => key,
      maxLength: 20,
    })
    .map((entries) => new Map(entries));
  const sum = (parts: ReadonlyMap<string, number>, without: ReadonlySet<string>): number =>
    [...parts].reduce((total, [key, count]) => total + (without.has(key) ? 0 : count), 0);

  it("is nothing where all are within the bound", () => {
    expect(
      excessOf(
        new Map([
          ["a", mostParts - 1],
          ["b", 1],
        ]),
      ),
    ).toEqual(new Set());
  });

  it("is the largest, and no more of them than it must be", () => {
    const parts = new Map([
      ["b", mostParts / 2],
      ["a", mostParts / 2],
      ["small", 1],
    ]);
    expect(excessOf(parts)).toEqual(new Set(["b"]));
    fc.assert(
      fc.property(sizes, (all) => {
        const excess = excessOf(all);
        expect(sum(all, excess)).toBeLessThanOrEqual(mostParts);
        const largestKept = Math.max(0, ...[...all].filter(([key]) => !excess.has(key)).map(([, count]) => count));
        const smallestRefused = Math.min(...[...excess].map((key) => all.get(key) ?? 0));
        expect(largestKept).toBeLessThanOrEqual(smallestRefused);
        if (excess.size > 0) expect(sum(all, excess) + smallestRefused).toBeGreaterThan(mostParts);
      }),
    );
  });

  it("is too much of more policies as well, so that a list can let go of it before it is whole", () => {
    fc.assert(
      fc.property(sizes, fc.func(fc.boolean()), (all, isRead) => {
        const read = new Map([...all].filter(([key]) => isRead(key)));
        const excess = excessOf(all);
        for (const key of excessOf(read)) expect(excess).toContain(key);
      }),
    );
  });

  it("does not depend on the order in which they came", () => {
    fc.assert(
      fc.property(sizes, (all) => {
        expect(excessOf(new Map([...all].reverse()))).toEqual(excessOf(all));
      }),
    );
  });
});
