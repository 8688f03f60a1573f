import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LayeredSet, setDifferences } from "./layered-set.ts";

const some = fc.array(fc.constantFrom(...Array.from({ length: 24 }, (_, index) => `item ${index}`)), { maxLength: 12 });

describe("LayeredSet", () => {
  it("holds what a set holds from which the same goes and to which the same comes, and knows what two have otherwise", () => {
    fc.assert(
      fc.property(some, fc.array(some, { maxLength: 12 }), (first, steps) => {
        const states = [{ layered: LayeredSet.of(first), plain: new Set(first) }];
        for (const step of steps) {
          const { layered, plain } = states.at(-1) as (typeof states)[number];
          const turned = [...new Set(step)];
          const gone = turned.filter((item) => plain.has(item));
          const came = turned.filter((item) => !plain.has(item));
          const next = new Set([...plain, ...came].filter((item) => !gone.includes(item)));
          states.push({ layered: layered.with({ gone, came }), plain: next });
        }
        for (const { layered, plain } of states) {
          expect(new Set(layered)).toEqual(plain);
          expect(layered.size).toBe(plain.size);
          expect([...layered.entries()].map(([item]) => item)).toEqual([...layered.values()]);
          for (const item of plain) expect(layered.has(item)).toBe(true);
          for (const other of states) {
            for (const { gone, came } of [
              setDifferences(layered, other.layered),
              setDifferences(plain, other.layered),
            ]) {
              expect([...gone].sort()).toEqual([...plain].filter((item) => !other.plain.has(item)).sort());
              expect([...came].sort()).toEqual([...other.plain].filter((item) => !plain.has(item)).sort());
            }
          }
        }
      }),
    );
  });
});
