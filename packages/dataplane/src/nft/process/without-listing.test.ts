import { describe, expect, it } from "vitest";
import { declaredName, withoutListing } from "./without-listing.ts";

const pods = "add map inet podwall pods4_7 { typeof ct original ip saddr : meta priority; }";
const pod = "add element inet podwall pods4_7 { 10.0.0.1 : 2 }";
const podAgain =
  "add map inet podwall pods4_7 { typeof ct original ip saddr : meta priority; elements = { 10.0.0.1 : 2 }; }";
const atoms = "add map inet podwall atoms4_7 { typeof ct original ip saddr : meta priority; flags interval; }";
const ranges = "add set inet podwall range { typeof meta priority . meta l4proto . th dport; flags interval; }";
const readsPods = "meta priority set ct original ip saddr map @pods4_7";
const readsAtoms = "meta priority set ct original ip saddr map @atoms4_7";

/** What nft reads in place of commands, after others that took effect. */
function read(commands: readonly string[], ...before: readonly string[]): readonly string[] | undefined {
  const known = new Map(before.map((command) => [declaredName(command) as string, command]));
  return withoutListing(commands, known)?.map(({ text }) => text);
}

describe("commands without a listing", () => {
  it("add elements by declaring the set that they are in again, in the same transaction too", () => {
    expect(read([pod], pods)).toEqual([podAgain]);
    expect(read([pods, "add chain inet podwall peer", pod])).toEqual([pods, "add chain inet podwall peer", podAgain]);
    expect(read(["add element inet podwall range { 1 . 6 . 80-90 }"], ranges)).toEqual([
      "add set inet podwall range { typeof meta priority . meta l4proto . th dport; flags interval; elements = { 1 . 6 . 80-90 }; }",
    ]);
  });

  it("declare a set once where elements follow, and a chain once where rules do", () => {
    const other = "add element inet podwall pods4_7 { 10.0.0.2 : 2 }";
    expect(read([pods, pod, other])).toEqual([podAgain, podAgain.replace("10.0.0.1", "10.0.0.2")]);
    const chain = ["add chain inet podwall peer", `add rule inet podwall peer ${readsPods}`];
    expect(read(chain, pods)).toEqual([pods, "add chain inet podwall peer {", readsPods, "}"]);
    expect(read([...chain, pod], pods)?.at(-1)).toBe(podAgain);
  });

  it("replace the rules of a chain by declaring it, after the sets that the rules read", () => {
    const switched = [
      "flush chain inet podwall peer",
      `add rule inet podwall peer ${readsAtoms}`,
      `add rule inet podwall peer ${readsPods}`,
      "flush chain inet podwall known",
      "add rule inet podwall known meta priority set @nh,8,8 & 0x18 map { 0x00 : 0 }",
      "add chain inet podwall egress_1",
      `add rule inet podwall egress_1 ${readsPods}`,
    ];
    expect(read(switched, pods, atoms)).toEqual([
      "flush chain inet podwall peer",
      atoms,
      pods,
      "add chain inet podwall peer {",
      readsAtoms,
      readsPods,
      "}",
      "flush chain inet podwall known",
      "add chain inet podwall known {",
      "meta priority set @nh,8,8 & 0x18 map { 0x00 : 0 }",
      "}",
      "add chain inet podwall egress_1 {",
      readsPods,
      "}",
    ]);
  });

  it("keep what they come of, to name the one at fault", () => {
    const commands = ["flush chain inet podwall peer", `add rule inet podwall peer ${readsPods}`];
    const lines = withoutListing(commands, new Map([["pods4_7", pods]])) ?? [];
    expect(lines.map(({ command }) => commands.indexOf(command))).toEqual([0, 1, 1, 1, 1]);
  });

  it("stay as they are where a chain may not be there, or one of the sets is not known", () => {
    const rule = `add rule inet podwall peer ${readsPods}`;
    expect(read([rule], pods)).toBeUndefined();
    expect(read(["flush chain inet podwall peer", rule])).toBeUndefined();
    expect(read(["flush chain inet podwall peer", rule, rule], pods)).toHaveLength(6);
  });

  it("stay as they are where one of them needs a listing", () => {
    for (const other of [
      "delete element inet podwall pods4_7 { 10.0.0.2 }",
      "delete set inet podwall range",
      "delete chain inet podwall peer",
      "flush map inet podwall pods4_7",
      "insert rule inet podwall peer accept",
      "list map inet podwall pods4_7",
      "add element inet podwall atoms4_7 { 10.0.0.0/8 : 1 }",
      "add element inet podwall unknown { 1 }",
      "add element inet podwall pods4_7 { }",
      "add element inet podwall pods4_7 { { 1 } }",
      "add element ip podwall pods4_7 { 10.0.0.2 : 1 }",
    ])
      expect(read([pod, other], pods, atoms, ranges)).toBeUndefined();
  });
});
