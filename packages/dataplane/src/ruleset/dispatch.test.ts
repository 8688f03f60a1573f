import { type LocalPod, type NodePlan, parseAddress } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { type Dispatch, dispatchOf } from "./dispatch.ts";
import { noGrants } from "./grants.ts";
import type { DispatchKind } from "./judgement.ts";
import type { RuleSetChain } from "./rule-set-chain.ts";

function pod(name: string, address: string, more: Partial<LocalPod> = {}): LocalPod {
  return { key: `shop/${name}`, addresses: [parseAddress(address)!], interfaceName: `pw${name}`, ...more };
}

/** A plan with these local pods and nothing else that is asked for here. */
function plan(...pods: readonly LocalPod[]): NodePlan {
  return {
    node: "here",
    identities: new Set(),
    atoms: { 4: [], 6: [] },
    podIdentities: new Map(),
    ruleSets: new Map(),
    localPods: new Map(pods.map((one) => [one.key, one])),
    refused: new Map(),
    localRanges: [],
  };
}

const chains = (names: Readonly<Record<string, string>>): ReadonlyMap<string, RuleSetChain> =>
  new Map(
    Object.entries(names).map(([key, name]) => [
      key,
      { key, traffic: "egress", name, lookups: new Set(), grants: noGrants, spans: [] },
    ]),
  );

const element = (dispatch: Dispatch, kind: DispatchKind, address: string) => dispatch.get(kind)?.elements.get(address);

const web = pod("web", "10.0.0.1", { egress: "rules" });

describe("what judges local pods", () => {
  it("is there for each address of the family, and says which chain it is", () => {
    const dispatch = dispatchOf(
      plan(web, pod("cart", "10.0.0.2"), pod("six", "fd00::1")),
      4,
      chains({ rules: "egress_1" }),
    );
    expect([...dispatch.keys()]).toEqual(["ready", "itself", "egress", "ingress"]);
    expect([...(dispatch.get("egress")?.elements.values() ?? [])]).toEqual([
      { key: "10.0.0.1", verdict: "goto egress_1" },
      { key: "10.0.0.2", verdict: "return" },
    ]);
    expect(element(dispatch, "ingress", "10.0.0.1")).toEqual({ key: "10.0.0.1", verdict: "goto unjudged" });
    expect(element(dispatch, "ready", "10.0.0.2")).toEqual({ key: '"pwcart" . 10.0.0.2' });
  });

  it("is made once for a pod that stays as it is, and anew where another chain judges it", () => {
    const before = dispatchOf(plan(web), 4, chains({ rules: "egress_1" }));
    const more = dispatchOf(plan(web, pod("cart", "10.0.0.2")), 4, chains({ rules: "egress_1" }));
    const after = dispatchOf(plan(web), 4, chains({ rules: "egress_2" }));
    expect(element(more, "egress", "10.0.0.1")).toBe(element(before, "egress", "10.0.0.1"));
    expect(element(after, "egress", "10.0.0.1")).toEqual({ key: "10.0.0.1", verdict: "goto egress_2" });
  });

  it("is nothing where a rule set has no chain: a pod must not be open for that", () => {
    expect(() => dispatchOf(plan({ ...web }), 4, chains({}))).toThrow(TypeError);
  });
});
