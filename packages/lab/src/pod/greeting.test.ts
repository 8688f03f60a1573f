import { describe, expect, it } from "vitest";
import { formatGreeting, formatReply, nameInReply, parseGreeting } from "./greeting.ts";

describe("a greeting", () => {
  it("is read as it was written", () => {
    for (const greeting of [{ word: "a1" }, { word: "b2", stream: { mode: "push" as const, intervalMs: 20 } }]) {
      expect(parseGreeting(formatGreeting(greeting))).toEqual(greeting);
    }
  });

  it("is answered with its own word, so that another's answer is not taken for it", () => {
    expect(nameInReply("a1", formatReply("a1", "demo/web-1"))).toBe("demo/web-1");
    expect(nameInReply("a1", formatReply("b2", "demo/web-1"))).toBeUndefined();
    expect(parseGreeting("GET / HTTP/1.1")).toBeUndefined();
  });
});
