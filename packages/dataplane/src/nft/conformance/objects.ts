import { expect, it } from "vitest";
import { type OpenTable, elementsOf, outcomes } from "./harness.ts";
import { wholeLanguage } from "./whole-language.ts";

/** What objects there are. */
export function testObjects(table: OpenTable): void {
  it("has no objects where there is no table", async () => {
    const nft = await table();
    await nft.run(["delete table inet podwall"]);
    expect(await nft.objects()).toBeUndefined();
    await outcomes(nft, [
      [[], "done"],
      ["delete table inet podwall", "not-found"],
      ["add chain inet podwall a", "not-found"],
      ["add rule inet podwall a accept", "not-found"],
      ["flush chain inet podwall a", "not-found"],
      ["delete chain inet podwall a", "not-found"],
      ["add set inet podwall s { type mark; }", "not-found"],
      ["delete set inet podwall s", "not-found"],
      ["add element inet podwall s { 1 }", "not-found"],
      ["delete element inet podwall s { 1 }", "not-found"],
      ["add table inet podwall", "done"],
      ["add table inet podwall", "done"],
    ]);
    await expect(nft.elements("s")).rejects.toMatchObject({ name: "NftError", kind: "not-found" });
    expect(await nft.objects()).toEqual({ chains: [], sets: [] });
  });

  it("names chains, sets and maps", async () => {
    const nft = await table(
      "add chain inet podwall forward { type filter hook forward priority filter - 10; policy accept; }",
      "add chain inet podwall egress_5",
      "add set inet podwall any_5 { typeof meta priority; }",
      "add map inet podwall egress4_1 { typeof ct original ip saddr : verdict; }",
    );
    const { chains = [], sets = [] } = (await nft.objects()) ?? {};
    expect([...chains].sort()).toEqual(["egress_5", "forward"]);
    expect([...sets].sort()).toEqual(["any_5", "egress4_1"]);
  });

  it("tells rules by their chain, in order, whatever they counted and whatever other rules come", async () => {
    const nft = await table(
      "add chain inet podwall a",
      "add chain inet podwall b",
      "add rule inet podwall a counter accept",
      "add rule inet podwall b drop",
      "add rule inet podwall a meta l4proto tcp return",
    );
    const before = await nft.rules();
    const of = (chain: string): string[] => before.filter((rule) => rule.chain === chain).map(({ text }) => text);
    expect(before).toHaveLength(3);
    expect(new Set(of("a")).size).toBe(2);
    await nft.run(["add rule inet podwall b accept"]);
    const after = await nft.rules();
    expect(after.filter(({ chain }) => chain === "a").map(({ text }) => text)).toEqual(of("a"));
    expect(after.filter(({ chain }) => chain === "b").map(({ text }) => text)[0]).toBe(of("b")[0]);
    expect(after).toHaveLength(4);
    await nft.run(["delete table inet podwall"]);
    expect(await nft.rules()).toEqual([]);
  });

  it("takes everything podwall says", async () => {
    const nft = await table(...wholeLanguage);
    expect(await elementsOf(nft, "pod4_1")).toEqual([["10.0.0.5", { value: 70000 }]]);
    expect((await nft.objects())?.chains).toHaveLength(3);
    await nft.run([
      "flush chain inet podwall judge4",
      "delete element inet podwall egress4_1 { 10.0.0.5 }",
      "delete chain inet podwall egress_5",
      "delete set inet podwall exact_5",
      "delete element inet podwall pod4_1 { 10.0.0.5 }",
    ]);
    expect(await elementsOf(nft, "pod4_1")).toEqual([]);
    expect(await elementsOf(nft, "egress4_1")).toEqual([["10.0.0.6", { value: { return: null } }]]);
  });

  it("takes an object twice, but not as something else", async () => {
    const base = (place: string): string => `add chain inet podwall base { type filter hook ${place}; policy accept; }`;
    const nft = await table(
      "add set inet podwall s { typeof th dport; flags interval; }",
      "add map inet podwall m { typeof ct original ip saddr : verdict; }",
      "add chain inet podwall c",
      base("forward priority filter - 10"),
    );
    await outcomes(nft, [
      ["add set inet podwall s { typeof th dport; flags interval; }", "done"],
      ["add set inet podwall s { typeof ip saddr; }", "exists"],
      ["add map inet podwall s { typeof ip saddr : verdict; }", "exists"],
      ["add set inet podwall m { typeof ip saddr; }", "exists"],
      ["add chain inet podwall c", "done"],
      ["add chain inet podwall base", "done"],
      [base("forward priority filter - 10"), "done"],
      [base("forward priority -10"), "done"],
      // Kernels differ in the kind.
      [base("forward priority filter - 11"), ["other", "exists", "busy"]],
      [base("input priority filter - 10"), ["other", "exists", "busy"]],
      ["add chain inet podwall c { type filter hook forward priority 0; policy accept; }", ["other", "exists", "busy"]],
    ]);
  });

  it("does not take a name for more than a name", async () => {
    const nft = await table("add chain inet podwall a");
    for (const text of ["a; delete table inet podwall", "a b", "", "{", "none"]) {
      await expect(nft.elements(text)).rejects.toMatchObject({ name: "NftError", kind: "not-found" });
    }
    expect((await nft.objects())?.chains).toEqual(["a"]);
  });
}
