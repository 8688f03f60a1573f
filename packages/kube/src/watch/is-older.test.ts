import { describe, expect, it } from "vitest";
import { isOlder } from "./is-older.ts";

describe("the order of resource versions", () => {
  it("is that of whole numbers of any length", () => {
    expect(isOlder("9", "10")).toBe(true);
    expect(isOlder("10", "9")).toBe(false);
    expect(isOlder("10", "10")).toBe(false);
    expect(isOlder("99999999999999999998", "99999999999999999999")).toBe(true);
  });

  it("is unknown for every other form", () => {
    for (const other of ["", "0", "01", "-1", "abc", "1e3", " 1"]) {
      expect(isOlder(other, "5")).toBe(false);
      expect(isOlder("5", other)).toBe(false);
    }
  });
});
