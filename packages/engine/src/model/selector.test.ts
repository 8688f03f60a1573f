import { describe, expect, it } from "vitest";
import { type SelectorRequirement, formatSelector, selects } from "./selector.ts";

const tier = (operator: SelectorRequirement["operator"], ...values: string[]): SelectorRequirement => ({
  key: "tier",
  operator,
  values,
});
const labels = (tierValue?: string) => new Map(tierValue === undefined ? [] : [["tier", tierValue]]);

describe("a label selector", () => {
  it.each([
    [tier("In", "gold", "silver"), ["gold", "silver"]],
    [tier("NotIn", "gold"), ["silver", "", undefined]],
    [tier("Exists"), ["gold", "silver", ""]],
    [tier("DoesNotExist"), [undefined]],
    [tier("In", ""), [""]],
  ])("with %o selects by the values %j", (requirement, selected) => {
    for (const value of ["gold", "silver", "", undefined]) {
      expect(selects({ requirements: [requirement] }, labels(value))).toBe(selected.includes(value));
    }
  });

  it("without requirements selects everything", () => {
    expect(selects({ requirements: [] }, labels())).toBe(true);
  });

  it("needs every requirement to hold", () => {
    const both = { requirements: [tier("Exists"), tier("NotIn", "gold")] };
    expect(["gold", "silver", undefined].map((value) => selects(both, labels(value)))).toEqual([false, true, false]);
  });

  it("compares letter by letter", () => {
    expect(selects({ requirements: [tier("In", "gold")] }, labels("Gold"))).toBe(false);
  });

  it("has one text for each meaning", () => {
    expect(formatSelector({ requirements: [] })).toBe("*");
    expect(formatSelector({ requirements: [tier("Exists"), tier("NotIn", "b", "a", "b"), tier("Exists")] })).toBe(
      "tier,tier notin (a,b)",
    );
    expect(formatSelector({ requirements: [tier("In", "a"), tier("DoesNotExist"), tier("NotIn", "c")] })).toBe(
      "!tier,tier!=c,tier=a",
    );
  });
});
