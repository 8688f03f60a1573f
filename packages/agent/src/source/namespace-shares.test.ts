import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { excessOf, mostParts } from "../namespace-parts.ts";
import { NamespaceShares } from "./namespace-shares.ts";

interface Change {
  readonly key: string;
  readonly namespace: string;
  /** Undefined where it is gone. */
  readonly parts: number | undefined;
  readonly isWhole: boolean;
  readonly isLookedAt: boolean;
}

const change: fc.Arbitrary<Change> = fc.record({
  key: fc.constantFrom("a", "b", "c", "d", "e", "f", "g"),
  namespace: fc.constantFrom("shop", "dev"),
  parts: fc.option(fc.integer({ min: 1, max: 60_000 }), { nil: undefined, freq: 3 }),
  isWhole: fc.boolean(),
  isLookedAt: fc.boolean(),
});

describe("the shares of a namespace's policies", () => {
  it("are what all that are there now come to, whatever happened before", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const written = new Map<string, Map<string, number>>();
        const whole = new Set<string>();
        const shares = new NamespaceShares((key, { isWhole }) => {
          expect(isWhole).toBe(true);
          whole.delete(key);
        });
        for (const [index, { key: name, namespace, parts, isWhole, isLookedAt }] of changes.entries()) {
          const key = `${namespace}/${name}`;
          const all = written.get(namespace) ?? new Map<string, number>();
          written.set(namespace, all);
          if (parts === undefined) {
            all.delete(key);
            whole.delete(key);
            shares.delete(key, namespace);
          } else {
            all.set(key, parts);
            if (isWhole) whole.add(key);
            else whole.delete(key);
            shares.put(key, { namespace, parts, version: `${index}`, isWhole });
          }
          const held = [...all].reduce((sum, [one, count]) => sum + (whole.has(one) ? count : 0), 0);
          expect(held).toBeLessThanOrEqual(2 * mostParts);
          if (!isLookedAt) continue;
          const { wanted } = shares;
          for (const [one, excess] of [...written.values()].map((of) => [of, excessOf(of)] as const)) {
            for (const policy of one.keys()) {
              // What has room is there, or to be read; what has none is neither.
              expect([whole.has(policy), wanted.has(policy)].filter((is) => is)).toHaveLength(
                excess.has(policy) ? 0 : 1,
              );
            }
          }
          expect([...wanted.keys()].every((policy) => [...written.values()].some((of) => of.has(policy)))).toBe(true);
        }
      }),
    );
  });
});
