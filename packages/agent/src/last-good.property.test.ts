import type { NetworkPolicy } from "@podwall/engine";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type Fallback, LastGood } from "./last-good.ts";
import { excessOf, mostParts, partsOf } from "./namespace-parts.ts";

const namespaces = ["shop", "dev"];
const most = 6;
const selectors = [1, mostParts * 0.4].map((size) => Array.from({ length: size }, (_, at) => `v${at}`));

/** A version of a policy: one in three cannot be used, one in three is bounded, and three of the large ones are too much together. */
const version = fc.record({
  values: fc.constantFrom(...selectors, ...selectors.slice(1)),
  fault: fc.constantFrom("", "odd", "large"),
});
type Version = typeof version extends fc.Arbitrary<infer V> ? V : never;

function policy(index: number, { values, fault }: Version): NetworkPolicy {
  return {
    kind: "NetworkPolicy",
    namespace: namespaces[index === 0 ? 0 : 1] as string,
    name: `p${index}`,
    podSelector: { requirements: [{ key: "a", operator: "In", values }] },
    directions: [fault === "large" ? "egress" : "ingress"],
    ingress: [],
    egress: [],
    ...(fault === "odd" ? { closedBecause: "it is odd" } : {}),
  };
}

const standIns = new WeakMap<NetworkPolicy, NetworkPolicy>();

/** The same for the same. */
function bounded(one: NetworkPolicy): NetworkPolicy {
  if (!one.directions.includes("egress")) return one;
  const standIn = standIns.get(one) ?? { ...one, closedBecause: "it is too large" };
  standIns.set(one, standIn);
  return standIn;
}

/** All of it worked out anew from all policies and what was good before. */
function admitAll(policies: readonly NetworkPolicy[], good: ReadonlyMap<string, NetworkPolicy>) {
  const keyOf = ({ namespace, name }: NetworkPolicy): string => `${namespace}/${name}`;
  const all = policies.map(bounded);
  const held = all.flatMap((one) => (one.closedBecause === undefined ? [] : (good.get(keyOf(one)) ?? [])));
  const excess = new Set(
    namespaces.flatMap((namespace) => {
      const own = held.filter((one) => one.namespace === namespace);
      return [...excessOf(new Map(own.map((one) => [keyOf(one), partsOf(one)])))];
    }),
  );
  const next = new Map<string, NetworkPolicy>();
  const fallbacks: Fallback[] = [];
  const enforced = all.map((one) => {
    const before = excess.has(keyOf(one)) ? undefined : good.get(keyOf(one));
    const usable = one.closedBecause === undefined ? one : before;
    if (usable !== undefined) next.set(keyOf(one), usable);
    if (one.closedBecause !== undefined) {
      const instead = usable === undefined ? "closed" : "last good version";
      fallbacks.push({ policy: one, because: one.closedBecause, enforced: instead });
    }
    return usable ?? one;
  });
  return { good: next, excess, admitted: { policies: enforced, fallbacks } };
}

const policyOf = ({ policy: one }: Fallback): NetworkPolicy => one;
const insteadOf = ({ because, enforced }: Fallback): string => `${enforced}: ${because}`;

function areSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((one, at) => one === others[at]);
}

it("keeps of policies that come, change and go what looking at all of them each time would keep", () => {
  const counts = { closed: 0, lastGood: 0, asWritten: 0, excess: 0 };
  fc.assert(
    fc.property(
      fc.array(
        fc.array(fc.tuple(fc.nat(most - 1), fc.option(version, { nil: undefined, freq: 8 })), {
          minLength: 1,
          maxLength: 5,
        }),
        { minLength: 8, maxLength: 20 },
      ),
      (steps) => {
        const lastGood = new LastGood<NetworkPolicy>(bounded);
        const there = new Map<number, NetworkPolicy>();
        let good: ReadonlyMap<string, NetworkPolicy> = new Map();
        for (const step of steps) {
          for (const [index, next] of step) {
            if (next === undefined) there.delete(index);
            else there.set(index, policy(index, next));
          }
          const policies = [...there.values()];
          const wanted = admitAll(policies, good);
          good = wanted.good;
          const found = lastGood.admit(policies);
          expect(areSame(found.policies, wanted.admitted.policies)).toBe(true);
          expect(areSame(found.fallbacks.map(policyOf), wanted.admitted.fallbacks.map(policyOf))).toBe(true);
          expect(found.fallbacks.map(insteadOf)).toEqual(wanted.admitted.fallbacks.map(insteadOf));
          const closed = found.fallbacks.filter(({ enforced }) => enforced === "closed").length;
          counts.closed += closed;
          counts.excess += wanted.excess.size;
          counts.lastGood += found.fallbacks.length - closed;
          counts.asWritten += policies.length - found.fallbacks.length;
        }
      },
    ),
    { numRuns: 400 },
  );
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(20);
});
