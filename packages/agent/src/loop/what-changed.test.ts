import { describe, expect, it } from "vitest";
import type { Applied, PolicyState } from "./agent-state.ts";
import { whatChanged } from "./what-changed.ts";

const report = { generation: 1, mode: "full", epoch: 1, commands: 1 } as const;

function applied(policies: Readonly<Record<string, number>>, pods: Readonly<Record<string, string>> = {}): Applied {
  const states = Object.entries(policies).map(
    ([name, generation]): PolicyState => ({
      kind: "NetworkPolicy",
      namespace: "shop",
      name,
      generation,
      enforced: "as written",
    }),
  );
  const podOf = new Map(Object.entries(pods).map(([pod, address]) => [address, pod]));
  return { report, policies: states, localPods: podOf.size, podOf, closedPods: new Map() };
}

describe("what a change came from", () => {
  it("is named by what came, went and is another now", () => {
    const before = applied({ a: 1, b: 1, c: 1 }, { "shop/x": "10.0.0.1", "shop/y": "10.0.0.2" });
    const now = applied({ a: 1, b: 2, d: 1 }, { "shop/x": "10.0.0.3", "shop/z": "10.0.0.2" });
    expect(whatChanged(before, now)).toEqual({
      policies: "~NetworkPolicy shop/b, +NetworkPolicy shop/d, -NetworkPolicy shop/c",
      pods: "~shop/x, +shop/z, -shop/y",
    });
  });

  it("names a closed pod that is open now, and a few of many", () => {
    const closed = { ...applied({}), closedPods: new Map([["shop/x", "it has no address yet"]]) };
    expect(whatChanged(closed, applied({}, { "shop/x": "10.0.0.1" }))).toEqual({ pods: "~shop/x" });
    expect(whatChanged(closed, { ...closed, closedPods: new Map() })).toEqual({ pods: "-shop/x" });
    const many = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`p${index}`, 1]));
    expect(whatChanged(applied({}), applied(many)).policies).toMatch(/p4, and 3 more$/);
  });

  it("is nothing at the start, or where it came from elsewhere", () => {
    expect(whatChanged(undefined, applied({ a: 1 }))).toEqual({});
    expect(whatChanged(applied({ a: 1 }), applied({ a: 1 }))).toEqual({});
  });
});
