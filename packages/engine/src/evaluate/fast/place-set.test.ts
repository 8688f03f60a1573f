import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasPlace, placeSetOf, unionOf, wordOf } from "./place-set.ts";

const most = 200;
const places = fc.array(fc.nat(most), { maxLength: 20 });
const held = (set: ReturnType<typeof placeSetOf>): number[] =>
  Array.from({ length: most + 40 }, (_, place) => place).filter((place) => hasPlace(set, place));
const sorted = (numbers: readonly number[]): number[] => [...new Set(numbers)].sort((a, b) => a - b);

describe("a set of places", () => {
  it("holds what it was made of, and all that two hold", () => {
    fc.assert(
      fc.property(places, places, (some, others) => {
        const [a, b] = [placeSetOf(Int32Array.from(some)), placeSetOf(Int32Array.from(others))];
        expect(held(a)).toEqual(sorted(some));
        expect(held(unionOf(a, b))).toEqual(sorted([...some, ...others]));
      }),
    );
  });

  it("keeps no words before its first place, and gives none there", () => {
    const set = placeSetOf(Int32Array.of(64, 95));
    expect(set.bits).toHaveLength(1);
    expect([1, 2, 3].map((word) => wordOf(set, word) >>> 0)).toEqual([0, 0x80000001, 0]);
  });
});
