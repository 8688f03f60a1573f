import type { NetworkPolicy } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { LastGood } from "./last-good.ts";
import { mostParts } from "./namespace-parts.ts";

function policy(name: string, values: number, closedBecause?: string): NetworkPolicy {
  const requirement = { key: "a", operator: "In", values: Array.from({ length: values }, (_, i) => `v${i}`) } as const;
  return {
    kind: "NetworkPolicy",
    namespace: "shop",
    name,
    podSelector: { requirements: [requirement] },
    directions: ["ingress"],
    ingress: [],
    egress: [],
    ...(closedBecause === undefined ? {} : { closedBecause }),
  };
}

describe("the last good versions of policies", () => {
  it("stay in force while newer ones cannot be used, and are forgotten with the policy", () => {
    const lastGood = new LastGood();
    const good = policy("web", 1);
    expect(lastGood.admit([good])).toEqual({ policies: [good], fallbacks: [] });
    const bad = policy("web", 0, "it is odd");
    const fallback = { policy: bad, because: "it is odd", enforced: "last good version" };
    expect(lastGood.admit([bad])).toEqual({ policies: [good], fallbacks: [fallback] });
    lastGood.admit([]);
    expect(lastGood.admit([bad])).toEqual({ policies: [bad], fallbacks: [{ ...fallback, enforced: "closed" }] });
  });

  it("are no more of a namespace than is kept of it: the largest are closed", () => {
    const lastGood = new LastGood();
    const names = ["a", "b", "c"];
    const all = [...names.map((name) => policy(name, mostParts / 3)), policy("small", 1)];
    lastGood.admit(all);
    const bad = [...names, "small"].map((name) => policy(name, 0, "it is odd"));
    const enforced = lastGood.admit(bad).fallbacks.map((one) => [one.policy.name, one.enforced]);
    expect(enforced).toEqual([
      ["a", "last good version"],
      ["b", "last good version"],
      ["c", "closed"],
      ["small", "last good version"],
    ]);
    // It is not known any more.
    expect(lastGood.admit([bad[2]!]).policies).toEqual([bad[2]]);
  });
});
