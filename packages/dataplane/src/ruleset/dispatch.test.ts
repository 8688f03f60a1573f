import { type LocalPod, type NodePlan, parseAddress } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { type Dispatch, dispatchOf, elementText, podChainsOf } from "./dispatch.ts";
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
      { key, traffic: "egress", name, lookups: new Set(), portRules: new Set(), grants: noGrants, spans: [] },
    ]),
  );

type Made = NonNullable<Parameters<typeof dispatchOf>[4]> & { readonly nextChain: number };

/** A dispatch of IPv4, with what it was made of. */
function made(pods: NodePlan, ruleSets: ReadonlyMap<string, RuleSetChain>, before?: Made): Made {
  const { dispatch, nextChain } = dispatchOf(pods, 4, ruleSets, before?.nextChain ?? 7, before);
  return { plan: pods, ruleSets, dispatch: { 4: dispatch, 6: new Map() }, nextChain };
}

const element = (dispatch: Dispatch, kind: DispatchKind, address: string) => dispatch.get(kind)?.elements.get(address);

const web = pod("web", "10.0.0.1", { egress: "rules" });

describe("what judges local pods", () => {
  it("is there for each address of the family, and says which chain it is", () => {
    const pods = plan(web, pod("cart", "10.0.0.2"), pod("six", "fd00::1"));
    const { dispatch, nextChain } = dispatchOf(pods, 4, chains({ rules: "egress_1" }), 7);
    expect([...dispatch.keys()]).toEqual(["ready", "itself", "egress", "ingress"]);
    expect([...(dispatch.get("egress")?.elements.values() ?? [])]).toEqual([
      { key: "10.0.0.1", verdict: "goto pod_egress_7", podChain: { name: "pod_egress_7", rule: "goto egress_1" } },
      { key: "10.0.0.2", verdict: "goto pod_egress_9", podChain: { name: "pod_egress_9", rule: "return" } },
    ]);
    expect(element(dispatch, "ingress", "10.0.0.1")?.podChain?.rule).toBe("goto mid_stream");
    expect(element(dispatch, "itself", "10.0.0.1")?.verdict).toBe("goto commit4");
    expect(nextChain).toBe(11);
    expect(element(dispatch, "ready", "10.0.0.2")).toEqual({ key: '"pwcart" . 10.0.0.2' });
  });

  it("stays the same for a pod that stays as it is, and where another chain judges it its element and the name of its pod chain do", () => {
    const before = made(plan(web), chains({ rules: "egress_1" }));
    const same = dispatchOf(plan(web), 4, before.ruleSets, before.nextChain, before);
    const more = dispatchOf(plan(web, pod("cart", "10.0.0.2")), 4, before.ruleSets, before.nextChain, before);
    const after = dispatchOf(plan(web), 4, chains({ rules: "egress_2" }), before.nextChain, before);
    const [had, kept, has] = [before.dispatch[4], more.dispatch, after.dispatch].map(
      (dispatch) => element(dispatch, "egress", "10.0.0.1")!,
    );
    expect(same.dispatch).toBe(before.dispatch[4]);
    expect(kept).toBe(had);
    expect(has?.podChain).toEqual({ name: "pod_egress_7", rule: "goto egress_2" });
    expect(elementText(has!)).toBe(elementText(had!));
  });

  it("says nothing more of a link or an address that a pod had", () => {
    const bridged = (one: LocalPod): LocalPod => ({ key: one.key, addresses: one.addresses });
    const cart = bridged(pod("cart", "10.0.0.2"));
    const before = made(plan(web, cart), chains({ rules: "egress_1" }));
    const addresses = (pods: NodePlan): unknown =>
      [...dispatchOf(pods, 4, before.ruleSets, before.nextChain, before).dispatch].map(([kind, { elements }]) => [
        kind,
        ...elements.keys(),
      ]);
    const maps = ["itself", "egress", "ingress"];
    const both = ["10.0.0.1", "10.0.0.2"];
    expect(addresses(plan(bridged(web), cart))).toEqual([
      ["ready"],
      ["readyAddress", ...both.toReversed()],
      ...maps.map((kind) => [kind, ...both]),
    ]);
    expect(addresses(plan(cart))).toEqual([
      ["ready"],
      ["readyAddress", "10.0.0.2"],
      ...maps.map((kind) => [kind, "10.0.0.2"]),
    ]);
    expect(addresses(plan(web))).toEqual([["ready", "10.0.0.1"], ...maps.map((kind) => [kind, "10.0.0.1"])]);
  });

  it("is of another pod chain where the address came back: no name is given out twice", () => {
    const rules = chains({ rules: "egress_1" });
    const first = made(plan(web), rules);
    const without = made(plan(), rules, first);
    const back = made(plan(web), rules, without);
    const names = [first, back].flatMap(({ dispatch }) => podChainsOf(dispatch[4]).map(({ name }) => name));
    expect(new Set(names).size).toBe(4);
  });

  it("is nothing where a rule set has no chain: a pod must not be open for that", () => {
    expect(() => dispatchOf(plan({ ...web }), 4, chains({}), 1)).toThrow(TypeError);
  });
});
