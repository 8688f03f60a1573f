import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differences, listDifferences } from "./differences.ts";

describe("what differs between two lists", () => {
  it("is told as sets would tell it, whatever came, went or moved", () => {
    const list = fc.uniqueArray(fc.nat(60), { maxLength: 50 });
    fc.assert(
      fc.property(list, list, (before, after) => {
        const { gone, came } = listDifferences(before, after);
        const wanted = differences(new Set(before), after);
        expect(new Set(gone)).toEqual(new Set(wanted.gone));
        expect(new Set(came)).toEqual(new Set(wanted.came));
        expect(gone.length + came.length).toBe(wanted.gone.length + wanted.came.length);
      }),
    );
  });

  it("is told of a long list in which a few items are others", () => {
    const before = Array.from({ length: 1_000 }, (_, index) => index);
    const replaced = before.map((item) => (item === 500 ? -500 : item));
    const after = [...replaced.filter((item) => item !== 10 && item !== 998), 1_000];
    expect(listDifferences(before, after)).toEqual({ gone: [10, 500, 998], came: [-500, 1_000] });
    expect(listDifferences(before, before)).toEqual({ gone: [], came: [] });
    expect(listDifferences([], [1])).toEqual({ gone: [], came: [1] });
  });
});
