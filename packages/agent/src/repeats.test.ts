import { describe, expect, it } from "vitest";
import { Repeats } from "./repeats.ts";

describe("what happens again and again", () => {
  it("is told of at first, then every half minute with how often it was, and anew once it is something else or was over", () => {
    let now = 0;
    const repeats = new Repeats({ now: () => now });
    expect(repeats.tell("a")).toBe(1);
    for (now = 1_000; now < 30_000; now += 1_000) expect(repeats.tell("a")).toBeUndefined();
    expect(repeats.tell("a")).toBe(30);
    expect(repeats.tell("b")).toBe(1);
    expect(repeats.tell("b")).toBeUndefined();
    repeats.reset();
    expect(repeats.tell("b")).toBe(1);
  });
});
