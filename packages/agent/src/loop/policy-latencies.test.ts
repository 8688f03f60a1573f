import { describe, expect, it } from "vitest";
import type { PolicyState } from "./agent-state.ts";
import { PolicyLatencies } from "./policy-latencies.ts";

const policy = (name: string, generation: number): PolicyState => ({
  kind: "NetworkPolicy",
  namespace: "shop",
  name,
  generation,
  enforced: "as written",
});

describe("how long a policy took", () => {
  it("is that of its newest generation, and unknown for what was there at the start", () => {
    const latencies = new PolicyLatencies();
    expect(latencies.add([policy("a", 1)], { tookMs: 900, first: true })).toEqual([policy("a", 1)]);
    const second = latencies.add([policy("a", 1), policy("b", 1)], { tookMs: 20.04, first: false });
    expect(second).toEqual([policy("a", 1), { ...policy("b", 1), latencyMs: 20 }]);
    const third = latencies.add([policy("a", 2), policy("b", 1)], { tookMs: 30, first: false });
    expect(third.map(({ latencyMs }) => latencyMs)).toEqual([30, 20]);
  });
});
