import fc from "fast-check";
import { expect, it } from "vitest";
import { SharedMap, entryChanges } from "./shared-map.ts";

const entries = fc.array(fc.tuple(fc.string({ maxLength: 3 }), fc.option(fc.nat(3), { nil: undefined })));

it("holds what a map would after the same changes, and tells what they changed", () => {
  fc.assert(
    fc.property(fc.array(entries, { maxLength: 6 }), (steps) => {
      let shared = SharedMap.empty<number>();
      const map = new Map<string, number>();
      for (const step of steps) {
        const [before, old] = [shared, new Map(map)];
        shared = shared.with(step);
        for (const [key, value] of step) {
          if (value === undefined) map.delete(key);
          else map.set(key, value);
        }
        expect([...shared].sort()).toEqual([...map].sort());
        for (const [key, value] of map) expect(shared.get(key)).toBe(value);
        const byKey = (a: { readonly key: string }, b: { readonly key: string }): number => (a.key < b.key ? -1 : 1);
        expect(entryChanges(before, shared).sort(byKey)).toEqual(entryChanges(old, map).sort(byKey));
        expect([...before].sort()).toEqual([...old].sort());
      }
    }),
  );
});
