import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LayeredMap } from "./layered-map.ts";

const keys = fc.constantFrom(...Array.from({ length: 24 }, (_, index) => `key ${index}`));
const entries = fc.array(fc.tuple(keys, fc.option(fc.nat(2), { nil: undefined })), { maxLength: 12 });

const changesBetween = (before: LayeredMap<number>, after: LayeredMap<number>) =>
  new Map(before.changesTo(after).map(({ key, ...change }) => [key, change]));

function changed(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>) {
  const keysOfBoth = [...new Set([...before.keys(), ...after.keys()])];
  const changes = keysOfBoth.map((key) => [key, { before: before.get(key), after: after.get(key) }] as const);
  return new Map(changes.filter(([, change]) => change.before !== change.after));
}

describe("LayeredMap", () => {
  it("holds what a map holds that takes the same changes in, and every copy before stays as it was", () => {
    const changes = fc.array(entries, { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, fc.nat(2))), changes, (first, steps) => {
        const states = [{ layered: LayeredMap.of(new Map(first)), plain: new Map(first) }];
        for (const step of steps) {
          const { layered, plain } = states.at(-1) as (typeof states)[number];
          const next = new Map(plain);
          for (const [key, value] of step) {
            if (value === undefined) next.delete(key);
            else next.set(key, value);
          }
          states.push({ layered: layered.with(step), plain: next });
        }
        for (const { layered, plain } of states) {
          expect(new Map(layered)).toEqual(plain);
          expect(layered.size).toBe(plain.size);
          expect([...layered].length).toBe(plain.size);
          expect([...layered.keys()].sort()).toEqual([...plain.keys()].sort());
          expect([...layered.values()].sort()).toEqual([...plain.values()].sort());
          for (const other of states)
            expect(changesBetween(layered, other.layered)).toEqual(changed(plain, other.plain));
          const each: [string, number][] = [];
          layered.forEach((value, key) => each.push([key, value]));
          expect(each).toEqual([...layered.entries()]);
          for (let index = 0; index < 24; index++) {
            const key = `key ${index}`;
            expect([layered.get(key), layered.has(key)]).toEqual([plain.get(key), plain.has(key)]);
          }
        }
      }),
    );
  });
});
