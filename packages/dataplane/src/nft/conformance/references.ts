import { expect, it } from "vitest";
import { type OpenTable, outcomes } from "./harness.ts";

/** What rules and verdicts refer to. */
export function testReferences(table: OpenTable): void {
  it("lets rules and verdicts refer to what exists", async () => {
    const nft = await table(
      "add chain inet podwall a",
      "add chain inet podwall b",
      "add set inet podwall s { typeof meta priority; }",
      "add map inet podwall v { typeof ct original ip saddr : verdict; }",
      "add chain inet podwall base { type filter hook forward priority 0; policy accept; }",
    );
    await outcomes(nft, [
      ["add rule inet podwall a jump b", "done"],
      ["add rule inet podwall a meta priority @s return", "done"],
      ["add rule inet podwall a ct original ip saddr vmap @v", "done"],
      ["add rule inet podwall a ct original ip saddr vmap { 10.0.0.1 : goto b, 10.0.0.2 : accept }", "done"],
      ["add rule inet podwall none accept", "not-found"],
      ["add rule inet podwall a jump none", "not-found"],
      ["add rule inet podwall a goto none", "not-found"],
      ["add rule inet podwall a meta priority @none return", "not-found"],
      ["add rule inet podwall a ct original ip saddr vmap @none", "not-found"],
      ["add rule inet podwall a meta priority vmap @s", "syntax"],
      ["add element inet podwall v { 10.0.0.9 : goto none }", "not-found"],
      ["add rule inet podwall a jump base", "other"],
      [
        [
          "add chain inet podwall c",
          "add rule inet podwall a jump c",
          "add element inet podwall v { 10.0.0.9 : goto c }",
        ],
        "done",
      ],
      ["flush chain inet podwall none", "not-found"],
      ["flush set inet podwall none", "not-found"],
      ["delete set inet podwall none", "not-found"],
      ["delete chain inet podwall none", "not-found"],
    ]);
  });

  it("keeps what is referred to", async () => {
    const nft = await table(
      "add chain inet podwall a",
      "add chain inet podwall by_rule",
      "add chain inet podwall by_element",
      "add chain inet podwall by_vmap",
      "add set inet podwall s { typeof meta priority; }",
      "add map inet podwall v { typeof ct original ip saddr : verdict; }",
      "add map inet podwall m { typeof ct original ip saddr : meta priority; }",
      "add element inet podwall v { 10.0.0.1 : goto by_element }",
      "add rule inet podwall a ct original ip saddr vmap { 10.0.0.1 : goto by_vmap, 10.0.0.2 : accept }",
      "add rule inet podwall a ct original ip saddr vmap @v",
      "add rule inet podwall a meta priority @s jump by_rule",
      "add rule inet podwall a meta priority set ct original ip saddr map @m",
    );
    await outcomes(nft, [
      ["delete chain inet podwall by_rule", "busy"],
      ["delete chain inet podwall by_element", "busy"],
      ["delete chain inet podwall by_vmap", "busy"],
      ["delete set inet podwall s", "busy"],
      ["delete map inet podwall v", "busy"],
      ["delete map inet podwall m", "busy"],
      // In the order of the commands: the reference is still there.
      [["delete chain inet podwall by_element", "delete element inet podwall v { 10.0.0.1 }"], "busy"],
      [["delete set inet podwall s", "flush chain inet podwall a"], "busy"],
      [["delete element inet podwall v { 10.0.0.1 }", "delete chain inet podwall by_element"], "done"],
      [
        [
          "flush chain inet podwall a",
          "delete chain inet podwall by_rule",
          "delete chain inet podwall by_vmap",
          "delete set inet podwall s",
        ],
        "done",
      ],
      // Without rules that look it up, a map goes with the references in it.
      [["add element inet podwall v { 10.0.0.2 : jump a }"], "done"],
      ["delete chain inet podwall a", "busy"],
      [["flush map inet podwall v", "delete chain inet podwall a"], "done"],
      [["add chain inet podwall a", "add element inet podwall v { 10.0.0.2 : jump a }"], "done"],
      [["delete set inet podwall v", "delete chain inet podwall a", "delete map inet podwall m"], "done"],
    ]);
    expect(await nft.objects()).toEqual({ chains: [], sets: [] });
  });

  it("deletes a chain with its rules", async () => {
    const nft = await table("add chain inet podwall a", "add chain inet podwall b", "add rule inet podwall a jump b");
    await outcomes(nft, [
      ["delete chain inet podwall b", "busy"],
      ["delete chain inet podwall a", "done"],
      ["delete chain inet podwall b", "done"],
      [["add chain inet podwall a", "add rule inet podwall a jump a"], "done"],
      ["delete chain inet podwall a", "busy"],
      [["flush chain inet podwall a", "delete chain inet podwall a"], "done"],
    ]);
  });

  it("refuses chains that lead in a circle from a hook", async () => {
    const nft = await table(
      "add chain inet podwall base { type filter hook forward priority 0; policy accept; }",
      "add chain inet podwall a",
      "add chain inet podwall b",
      "add rule inet podwall a jump b",
      "add rule inet podwall base jump a",
    );
    await outcomes(nft, [["add rule inet podwall b jump a", "other"]]);
  });
}
