import { describe, expect, it } from "vitest";
import { goJson, goQuote } from "./go-quote.ts";

describe("a value in a message", () => {
  it.each([
    ["web", '"web"'],
    ['a"b\\c', '"a\\"b\\\\c"'],
    ["é日本", '"é日本"'],
    ["a\tb\nc", '"a\\tb\\nc"'],
    ["\u0001\u007f", '"\\x01\\x7f"'],
    ["a\u00a0b\u2028", '"a\\u00a0b\\u2028"'],
    ["\u{e0001}", '"\\U000e0001"'],
    ["<a & b>", '"<a & b>"'],
  ])("%j is shown as Go quotes it", (text, shown) => {
    expect(goQuote(text)).toBe(shown);
  });

  it("is shown in JSON that is safe for HTML where the API server shows JSON", () => {
    expect(goJson("<<&")).toBe('"\\u003c\\u003c\\u0026"');
    expect(goJson(["a", { b: 1 }])).toBe('["a",{"b":1}]');
  });
});
