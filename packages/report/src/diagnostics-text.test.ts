import type { Diagnostic } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { diagnosticText } from "./diagnostics-text.ts";
import { plainStyle } from "./style.ts";

function at(text: string, marked: string, rest: Partial<Diagnostic> = {}): string {
  const start = text.indexOf(marked);
  const range = { file: { name: "policies/web.yaml", text }, start, end: start + marked.length };
  return diagnosticText({ code: "PW2004", severity: "error", message: "no", range, ...rest }, plainStyle);
}

describe("a diagnostic as text", () => {
  it("says where, what, shows the line with the place marked, and what to write", () => {
    expect(at("spec:\n  ports:\n    - protocol: tcp\n", "tcp", { message: "bad", help: "write TCP" })).toBe(
      [
        "policies/web.yaml:3:17: error PW2004: bad",
        "  3 |     - protocol: tcp",
        "    |                 ^^^",
        "  help: write TCP",
      ].join("\n"),
    );
  });

  it("marks the right place after tabs, and where an escape takes more room", () => {
    expect(at("\ta: b", "b").split("\n").slice(1)).toEqual(["  1 | \ta: b", "    | \t   ^"]);
    expect(at("\u001b: b\u0007", "b\u0007").split("\n").slice(1)).toEqual([
      "  1 | \\u001b: b\\u0007",
      "    |         ^^^^^^^",
    ]);
  });

  it("marks only the first line of several, and at least one column", () => {
    const lines = at("a: [\n  b\nc: d\n", "[\n  b\nc").split("\n");
    expect(lines.slice(1)).toEqual(["  1 | a: [", "    |    ^"]);
    expect(at("a: b", "").split("\n")[2]).toBe("    | ^");
  });

  it("shows no more of a long line than fits, and no line that has nothing to show", () => {
    expect(at(`a: b${"x".repeat(500)}`, "b").split("\n")[1]?.length).toBeLessThan(130);
    expect(at(`${" ".repeat(300)}b`, "b").split("\n")).toHaveLength(1);
    expect(at("a: b\n\n", "\n\n").split("\n")[0]).toContain(":1:5:");
  });

  it("names other places that have to do with it", () => {
    const range = { file: { name: "b.yaml", text: "x" }, start: 0, end: 1 };
    expect(at("a", "a", { related: [{ message: "first given here", range }] })).toContain(
      "\n  b.yaml:1:1: first given here",
    );
  });

  it("about no place is one line", () => {
    expect(diagnosticText({ code: "PW1016", severity: "error", message: "no such file" }, plainStyle)).toBe(
      "error PW1016: no such file",
    );
  });

  it("lets nothing of the manifest control the terminal", () => {
    const text = at("name: \u001b[31mred", "\u001b[31mred", { message: "\u001b[0m", help: "\u0007" });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
    expect(text.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });
});
