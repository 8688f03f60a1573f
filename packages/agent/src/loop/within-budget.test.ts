import { type Cidr, type ClusterPolicy, type NetworkPolicy, parseCidr } from "@podwall/engine";
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

  it("closes the subjects of a policy of the whole cluster too, in the directions that it has rules for", () => {
    const values = Array.from({ length: mostTerms }, (_, index) => `v${index}`);
    const large = { requirements: [{ key: "a", operator: "In", values } as const] };
    const subject = { namespaceSelector: { requirements: [{ key: "team", operator: "Exists", values: [] } as const] } };
    const path = "spec.ingress[0]";
    const wall: ClusterPolicy = {
      kind: "ClusterNetworkPolicy",
      name: "wall",
      tier: "Admin",
      priority: 7,
      subject,
      ingress: [
        { path, action: "Accept", peers: [{ kind: "selected-pods", path, namespaceSelector: large }], ports: [] },
      ],
      egress: [],
    };
    expect(withinBudget(wall)).toEqual({
      ...wall,
      ingress: [
        { path: "spec.ingress", action: "Deny", peers: [{ kind: "unknown", path: "spec.ingress" }], ports: [] },
      ],
      closedBecause: expect.stringContaining(`${mostTerms}`),
    });
    const nodes = { ...wall, egress: wall.ingress, ingress: [{ ...wall.ingress[0]!, peers: [] }] };
    expect(withinBudget(nodes).egress).toMatchObject([{ action: "Deny" }]);
    const small = { ...wall, ingress: [] };
    expect(withinBudget(small)).toBe(small);
    const wide = { ...wall, subject: { namespaceSelector: { requirements: [] }, podSelector: large }, ingress: [] };
    const wider = { ...wide, egress: wall.ingress };
    expect(withinBudget(wider).subject).toEqual(wide.subject);
    const many = { requirements: [{ key: "a", operator: "In", values: [...values, "one more"] } as const] };
    expect(withinBudget({ ...wider, subject: { namespaceSelector: many } }).subject).toEqual({
      namespaceSelector: { requirements: [] },
    });
  });
});
