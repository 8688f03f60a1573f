import { describe, expect, it } from "vitest";
import { asArguments } from "./as-arguments.ts";

describe("commands as arguments", () => {
  it("are one argument where it is long enough", () => {
    expect(asArguments("add table inet podwall\n")).toEqual(["add table inet podwall\n"]);
  });

  it("are cut at the ends of commands and between elements, and are the same with spaces between them", () => {
    const elements = Array.from({ length: 40_000 }, (_, i) => `${i} . 6 . 80`).join(", ");
    const hook = "add chain inet podwall c { type filter hook forward priority filter - 10; }\n";
    const text = `add element inet podwall s { ${elements} }\n${hook.repeat(3_000)}`;
    const parts = asArguments(text);
    expect(parts.length).toBeGreaterThan(5);
    for (const part of parts) {
      expect(part.length).toBeLessThan(131_072);
      expect(part.trimStart()).not.toMatch(/^-/);
    }
    expect(parts.join(" ").replace(/\s+/g, " ")).toBe(text.replace(/\s+/g, " "));
  });

  it("are refused where they are too long for a command line", () => {
    const tooLong = expect.objectContaining({ name: "NftError", kind: "too-long" });
    expect(() => asArguments("add table inet podwall\n".repeat(50_000))).toThrow(tooLong);
    expect(() => asArguments(`add chain inet podwall ${"a".repeat(200_000)}`)).toThrow(tooLong);
  });
});
