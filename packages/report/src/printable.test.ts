import { describe, expect, it } from "vitest";
import { printable } from "./printable.ts";

describe("text from manifests", () => {
  it("cannot move the cursor, ring, or end the line", () => {
    expect(printable("a\u001b[2Jb\u0007\r\n\u009b1m")).toBe("a\\u001b[2Jb\\u0007\\u000d\\u000a\\u009b1m");
  });

  it("cannot turn the direction of writing around", () => {
    expect(printable("\u202etxt.exe\u2066")).toBe("\\u202etxt.exe\\u2066");
  });

  it("is otherwise as it was written", () => {
    expect(printable("größe 大 'a\"b' \\")).toBe("größe 大 'a\"b' \\");
  });
});
