import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type PortSet,
  formatPorts,
  intersectPorts,
  noPorts,
  portSetHas,
  subtractPorts,
  unionPorts,
} from "./port-set.ts";

/** Sets of a few small ports, so that intervals overlap and touch. */
const arbitrarySet: fc.Arbitrary<PortSet> = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 4 })), { maxLength: 4 })
  .map((intervals) =>
    intervals.reduce<PortSet>((set, [first, more]) => unionPorts(set, [{ first, last: first + more }]), noPorts),
  );
const ports = Array.from({ length: 26 }, (_, port) => port);

describe("a set of ports", () => {
  it.each([
    ["union", unionPorts, (a: boolean, b: boolean) => a || b],
    ["intersection", intersectPorts, (a: boolean, b: boolean) => a && b],
    ["difference", subtractPorts, (a: boolean, b: boolean) => a && !b],
  ])("has a %s that holds what it says, port by port", (_, combine, both) => {
    fc.assert(
      fc.property(arbitrarySet, arbitrarySet, (a, b) => {
        const combined = combine(a, b);
        for (const port of ports) {
          expect(portSetHas(combined, port)).toBe(both(portSetHas(a, port), portSetHas(b, port)));
        }
        expectNormal(combined);
      }),
    );
  });

  it("has equal text when it is equal", () => {
    expect(formatPorts(unionPorts([{ first: 80, last: 80 }], [{ first: 81, last: 90 }]))).toBe("80-90");
    expect(formatPorts(unionPorts([{ first: 443, last: 443 }], [{ first: 80, last: 80 }]))).toBe("80,443");
  });
});

/** Sorted, and no two intervals overlap or touch. */
function expectNormal(set: PortSet): void {
  for (const [index, { first, last }] of set.entries()) {
    expect(first).toBeLessThanOrEqual(last);
    if (index > 0) expect(first).toBeGreaterThan((set[index - 1]?.last ?? 0) + 1);
  }
}
