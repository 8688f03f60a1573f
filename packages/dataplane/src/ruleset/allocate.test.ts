import {
  type ConnectionSet,
  type NodePlan,
  type RuleSet,
  allConnections,
  noConnections,
  portsOf,
} from "@podwall/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocateIds, chainsFor } from "./allocate.ts";
import { everything } from "./grants.ts";

const onePort = portsOf("TCP", [{ first: 80, last: 80 }]);
const otherPort = portsOf("TCP", [{ first: 81, last: 81 }]);
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

function fresh(...identities: readonly string[]) {
  const ids: ReadonlyMap<string, number> = new Map(identities.map((identity, index) => [identity, index + 1]));
  return { ids, fresh: ids };
}

describe("the number of an identity", () => {
  it("stays below those of grants, whatever was given out before", () => {
    const some = new Set(["a", "b"]);
    expect(allocateIds(new Map(), some, everything - 2).ids.get("b")).toBe(everything - 1);
    expect(() => allocateIds(new Map(), some, everything - 1)).toThrow(RangeError);
  });

  it("stays while the identity does and is nobody's after it, and those who come at once are numbered in the order of their keys", () => {
    const plans = fc.array(fc.subarray(Array.from({ length: 24 }, (_, index) => `identity ${index}`)), {
      minLength: 1,
    });
    fc.assert(
      fc.property(plans, (steps) => {
        let before = new Set<string>();
        let ids: ReadonlyMap<string, number> = new Map();
        let nextId = 1;
        for (const step of steps) {
          const identities = new Set(step);
          const numbers = allocateIds(ids, identities, nextId, before);
          const came = step.filter((key) => !before.has(key)).sort();
          expect([...numbers.fresh]).toEqual(came.map((key, index) => [key, nextId + index]));
          const wanted = new Map(step.map((key) => [key, ids.get(key) ?? numbers.fresh.get(key)]));
          expect(new Map(numbers.ids)).toEqual(wanted);
          expect(numbers.nextId).toBe(nextId + came.length);
          [before, ids, nextId] = [identities, numbers.ids, numbers.nextId];
        }
      }),
    );
  });
});

describe("the chain of a rule set", () => {
  const first = chainsFor(plan({ a: onePort }), new Map(), 1, fresh("a"), 64);

  it("stays where it has the sets that new identities call for", () => {
    const { chains, created } = chainsFor(plan({ a: onePort, b: onePort }), first.chains, 2, fresh("b"), 64);
    expect(created).toEqual([]);
    expect(chains.get("rules")).toBe(first.chains.get("rules"));
    expect(chainsFor(plan({}), first.chains, 2, fresh(), 64).created).toEqual([]);
  });

  it("is another, with all of the sets, where a new identity calls for one that it does not have", () => {
    const { chains, created } = chainsFor(plan({ a: onePort, b: ports }), first.chains, 2, fresh("b"), 64);
    expect(created.map(({ name }) => name)).toEqual(["ingress_2"]);
    expect(chains.get("rules")?.lookups).toEqual(new Set(["grants", "exact", "range"]));
  });

  it("is another, with a rule more, where a new identity calls for a protocol that it has no ports of", () => {
    const udp = portsOf("UDP", [{ first: 80, last: 80 }]);
    const { chains, created } = chainsFor(plan({ a: onePort, b: udp }), first.chains, 2, fresh("b"), 64);
    expect(created.map(({ name }) => name)).toEqual(["ingress_2"]);
    expect(chains.get("rules")?.portRules).toEqual(new Set(["exact TCP", "exact UDP"]));
  });

  it("has a grant for each that is allowed something else, however many they are", () => {
    const all = { a: onePort, b: onePort, c: otherPort, d: allConnections };
    const { chains } = chainsFor(plan(all), new Map(), 1, fresh(), 64);
    const grants = [...(chains.get("rules")?.grants.values() ?? [])];
    expect(grants.map(({ number }) => number - everything)).toEqual([1, 2, 0]);
    expect(grants.map(({ ends }) => ends.map(({ text }) => text))).toEqual([[" . 6 . 80"], [" . 6 . 81"], []]);
  });

  it("stays with a grant more where a new identity is allowed something else in the same sets", () => {
    const { chains, created } = chainsFor(plan({ a: onePort, b: otherPort }), first.chains, 2, fresh("b"), 64);
    expect(created).toEqual([]);
    const chain = chains.get("rules");
    expect(chain?.name).toBe("ingress_1");
    expect([...(chain?.grants.values() ?? [])].map(({ number }) => number - everything)).toEqual([1, 2]);
  });

  it("is another once most of its many grants are of nobody", () => {
    const portOf = (index: number): ConnectionSet => portsOf("TCP", [{ first: index, last: index }]);
    let { chains } = first;
    const names = new Set<string | undefined>();
    let most = 0;
    for (let index = 1; index <= 200; index++) {
      const [name, allowed] = [`new-${index}`, { [`new-${index}`]: portOf(index) }];
      ({ chains } = chainsFor(plan(allowed), chains, 1 + index, fresh(name), 64));
      names.add(chains.get("rules")?.name);
      most = Math.max(most, chains.get("rules")?.grants.size ?? 0);
    }
    expect(names.size).toBe(4);
    expect(most).toBe(64);
  });
});
