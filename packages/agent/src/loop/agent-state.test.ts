import type { ClusterPolicy, NetworkPolicy } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { PolicyStates } from "./agent-state.ts";

const policy = (name: string): NetworkPolicy => ({
  kind: "NetworkPolicy",
  namespace: "shop",
  name,
  podSelector: { requirements: [] },
  directions: ["ingress"],
  ingress: [],
  egress: [],
});
const wall: ClusterPolicy = {
  kind: "ClusterNetworkPolicy",
  name: "wall",
  tier: "Admin",
  priority: 1,
  subject: { namespaceSelector: { requirements: [] } },
  ingress: [],
  egress: [],
};
const marks = (generation: number) =>
  new Map([
    ["NetworkPolicy", new Map([["shop/a", { generation, uid: "1" }]])],
    ["ClusterNetworkPolicy", new Map([["wall", { generation: 7 }]])],
  ]);

describe("what is enforced of policies", () => {
  it("is told with what marks them, which are kept by kind", () => {
    const [a, b] = [policy("a"), policy("b")];
    const fallback = { policy: b, because: "too large", enforced: "closed" } as const;
    expect(new PolicyStates().of([a, b], [wall], marks(2), [fallback])).toEqual([
      { kind: "NetworkPolicy", namespace: "shop", name: "a", generation: 2, uid: "1", enforced: "as written" },
      { kind: "NetworkPolicy", namespace: "shop", name: "b", enforced: "closed", because: "too large" },
      { kind: "ClusterNetworkPolicy", name: "wall", generation: 7, enforced: "as written" },
    ]);
  });

  it("is the same object until the policy, its marks or what is enforced are others", () => {
    const states = new PolicyStates();
    const [a, b] = [policy("a"), policy("b")];
    const [first, second] = states.of([a, b], [], marks(1), []);
    const marked = states.of([b, a], [], marks(2), []);
    expect(marked[0]).toBe(second);
    expect(marked[1]).toEqual({ ...first, generation: 2 });
    const fallback = { policy: b, because: "too large", enforced: "closed" } as const;
    expect(states.of([b], [], marks(2), [fallback])).toMatchObject([{ enforced: "closed" }]);
    expect(states.of([b], [], marks(2), [])).toEqual([second]);
  });
});
