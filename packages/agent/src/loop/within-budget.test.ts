import { type Cidr, type NetworkPolicy, parseCidr } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { mostTerms, termsOf, withinBudget } from "./within-budget.ts";

function policy(values: number, ports: number): NetworkPolicy {
  const requirement = { key: "a", operator: "In", values: Array.from({ length: values }, (_, i) => `v${i}`) } as const;
  return {
    kind: "NetworkPolicy",
    namespace: "shop",
    name: "web",
    podSelector: { requirements: [] },
    directions: ["ingress"],
    egress: [],
    ingress: [
      {
        path: "spec.ingress[0]",
        peers: [{ kind: "pods", path: "", podSelector: { requirements: [requirement] } }],
        ports: Array.from({ length: ports }, () => ({ path: "", protocol: "TCP", port: { kind: "all" } }) as const),
      },
    ],
  };
}

describe("the budget of a policy", () => {
  it("counts each peer with each port", () => {
    expect(termsOf(policy(9, 3))).toBe(30);
    expect(termsOf(policy(9, 0))).toBe(10);
  });

  it("leaves blocks of addresses to the plan", () => {
    const cidr = parseCidr("192.0.2.0/24").cidr as Cidr;
    const peers = Array.from(
      { length: mostTerms + 1 },
      () => ({ kind: "ipBlock", path: "", cidr, except: [] }) as const,
    );
    const blocks = { ...policy(1, 1), ingress: [{ path: "spec.ingress[0]", peers, ports: [] }] };
    expect(withinBudget(blocks)).toBe(blocks);
  });

  it("leaves what is within it as it is", () => {
    const good = policy(mostTerms - 1, 1);
    expect(withinBudget(good)).toBe(good);
  });

  it("closes the subjects of what is not, and only them", () => {
    expect(withinBudget(policy(mostTerms, 1))).toMatchObject({
      name: "web",
      podSelector: { requirements: [] },
      directions: ["ingress"],
      ingress: [],
      closedBecause: expect.stringContaining(`${mostTerms}`),
    });
  });
});
