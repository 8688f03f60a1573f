import { type ConnectionSet, type NodePlan, type RuleSet, noConnections, portsOf } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { chainsFor } from "./allocate.ts";

const onePort = portsOf("TCP", [{ first: 80, last: 80 }]);
const ports = portsOf("TCP", [{ first: 80, last: 90 }]);

function plan(byIdentity: Readonly<Record<string, ConnectionSet>>): Pick<NodePlan, "ruleSets"> {
  const rules: RuleSet = {
    key: "rules",
    traffic: "ingress",
    common: noConnections,
    byIdentity: new Map(Object.entries(byIdentity)),
  };
  return { ruleSets: new Map([["rules", rules]]) };
}

const fresh = (...identities: readonly string[]): ReadonlyMap<string, number> =>
  new Map(identities.map((identity, index) => [identity, index + 1]));

describe("the chain of a rule set", () => {
  const first = chainsFor(plan({ a: onePort }), new Map(), 1, fresh("a"));

  it("stays where it has the sets that new identities call for", () => {
    const { chains, created } = chainsFor(plan({ a: onePort, b: onePort }), first.chains, 2, fresh("b"));
    expect(created).toEqual([]);
    expect(chains.get("rules")).toBe(first.chains.get("rules"));
    expect(chainsFor(plan({}), first.chains, 2, fresh()).created).toEqual([]);
  });

  it("is another, with all of the sets, where a new identity calls for one that it does not have", () => {
    const { chains, created } = chainsFor(plan({ a: onePort, b: ports }), first.chains, 2, fresh("b"));
    expect(created.map(({ name }) => name)).toEqual(["ingress_2"]);
    expect(chains.get("rules")?.forms).toEqual(new Set(["exact", "range"]));
  });
});
