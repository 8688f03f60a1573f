import { describe, expect, it } from "vitest";
import { DeclaredSets } from "./declared-sets.ts";

const pods = "add map inet podwall pods4_7 { typeof ct original ip saddr : meta priority; }";
const pod = "add element inet podwall pods4_7 { 10.0.0.1 : 2 }";
const podAgain =
  "add map inet podwall pods4_7 { typeof ct original ip saddr : meta priority; elements = { 10.0.0.1 : 2 }; }";
/** What nft reads in place of a command. */
const readFor = (sets: DeclaredSets, command: string): readonly string[] =>
  sets.withoutListing([command]).map(({ text }) => text);

function after(...commands: readonly string[]): DeclaredSets {
  const sets = new DeclaredSets();
  sets.follow(commands);
  return sets;
}

describe("sets that were declared", () => {
  it("are added to by declaring them again, whatever else was done", () => {
    const sets = after("add table inet podwall", pods, "add chain inet podwall c", "add rule inet podwall c accept");
    expect(readFor(sets, pod)).toEqual([podAgain]);
  });

  it("are added to as they are where they are not known", () => {
    expect(readFor(after(), pod)).toEqual([pod]);
    expect(readFor(after("add set inet podwall pods4_7 { type mark; size 2; }"), pod)).toEqual([pod]);
  });

  it.each([
    "delete map inet podwall pods4_7",
    "delete table inet podwall",
    "flush ruleset",
    "destroy map inet podwall pods4_7",
    "add table inet podwall { map pods4_7 { type mark : mark; }; }",
  ])("are forgotten after %s", (command) => {
    expect(readFor(after(pods, command), pod)).toEqual([pod]);
    expect(readFor(after(pods, command, pods), pod)).toEqual([podAgain]);
  });

  it("are forgotten where it is not known what took effect", () => {
    const sets = after(pods);
    sets.forget();
    expect(readFor(sets, pod)).toEqual([pod]);
  });
});
