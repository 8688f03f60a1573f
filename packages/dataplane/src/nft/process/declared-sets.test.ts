import { describe, expect, it } from "vitest";
import { DeclaredSets } from "./declared-sets.ts";

const pods = "add map inet podwall pods4_7 { typeof ct original ip saddr : meta priority; }";
const pod = "add element inet podwall pods4_7 { 10.0.0.1 : 2 }";
const podAgain =
  "add map inet podwall pods4_7 { typeof ct original ip saddr : meta priority; elements = { 10.0.0.1 : 2 }; }";
const exact = "add set inet podwall exact { typeof meta priority . meta l4proto . th dport; }";
const ports = "add element inet podwall exact { 1 . 6 . 80, 1 . 6 . 81 }";

function after(...commands: readonly string[]): DeclaredSets {
  const sets = new DeclaredSets();
  sets.follow(commands);
  return sets;
}

describe("sets that were declared", () => {
  it("are added to by declaring them again", () => {
    const sets = after(
      "add table inet podwall",
      pods,
      exact,
      "add chain inet podwall c",
      "add rule inet podwall c accept",
    );
    expect(sets.withoutListing([pod])).toEqual([podAgain]);
    expect(sets.withoutListing([pod, ports])).toEqual([
      podAgain,
      "add set inet podwall exact { typeof meta priority . meta l4proto . th dport; elements = { 1 . 6 . 80, 1 . 6 . 81 }; }",
    ]);
  });

  it("are left alone where another command makes nft list them all the same, or one of them is not known", () => {
    const sets = after(pods);
    for (const other of [
      "delete element inet podwall pods4_7 { 10.0.0.2 }",
      "add rule inet podwall c accept",
      "flush map inet podwall pods4_7",
      "add element inet podwall unknown { 1 }",
      "add element inet podwall pods4_7 { }",
      "add element inet podwall pods4_7 { { 1 } }",
      "add element ip podwall pods4_7 { 10.0.0.2 : 1 }",
    ])
      expect(sets.withoutListing([pod, other])).toEqual([pod, other]);
  });

  it("are known by their types alone: for intervals nft must know what there is", () => {
    const atoms = "add map inet podwall pods4_7 { typeof ct original ip saddr : meta priority; flags interval; }";
    expect(after(atoms).withoutListing([pod])).toEqual([pod]);
    expect(after("add set inet podwall pods4_7 { type mark; size 2; }").withoutListing([pod])).toEqual([pod]);
  });

  it.each([
    "delete map inet podwall pods4_7",
    "delete table inet podwall",
    "flush ruleset",
    "destroy map inet podwall pods4_7",
    "add table inet podwall { map pods4_7 { type mark : mark; }; }",
  ])("are forgotten after %s", (command) => {
    expect(after(pods, command).withoutListing([pod])).toEqual([pod]);
    expect(after(pods, command, pods).withoutListing([pod])).toEqual([podAgain]);
  });

  it("are forgotten where it is not known what took effect", () => {
    const sets = after(pods);
    sets.forget();
    expect(sets.withoutListing([pod])).toEqual([pod]);
  });
});
