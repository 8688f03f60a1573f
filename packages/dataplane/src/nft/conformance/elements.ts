import { expect, it } from "vitest";
import { type OpenTable, elementsOf, outcomes, sorted } from "./harness.ts";

/** Adding and deleting elements. */
export function testElements(table: OpenTable): void {
  it("takes a key twice, but in a map not with another value", async () => {
    const nft = await table(
      "add set inet podwall s { typeof meta priority . meta l4proto; }",
      "add map inet podwall m { typeof ct original ip saddr : meta priority; }",
      "add chain inet podwall a",
      "add chain inet podwall b",
      "add map inet podwall v { typeof ct original ip saddr : verdict; }",
    );
    await outcomes(nft, [
      ["add element inet podwall s { 1 . 6, 1 . 6 }", "done"],
      ["add element inet podwall s { 1 . tcp }", "done"],
      ["add element inet podwall m { 10.0.0.1 : 1 }", "done"],
      ["add element inet podwall m { 10.0.0.1 : 1 }", "done"],
      ["add element inet podwall m { 10.0.0.1 : 2 }", "exists"],
      ["add element inet podwall m { 10.0.0.2 : 1, 10.0.0.2 : 2 }", "exists"],
      ["add element inet podwall v { 10.0.0.1 : goto a }", "done"],
      ["add element inet podwall v { 10.0.0.1 : goto a }", "done"],
      ["add element inet podwall v { 10.0.0.1 : goto b }", "exists"],
      ["add element inet podwall v { 10.0.0.1 : return }", "exists"],
      [["delete element inet podwall m { 10.0.0.1 }", "add element inet podwall m { 10.0.0.1 : 3 }"], "done"],
    ]);
    expect(await elementsOf(nft, "s")).toEqual([[1, 6]]);
    expect(await elementsOf(nft, "m")).toEqual([["10.0.0.1", { value: 3 }]]);
    expect(await elementsOf(nft, "v")).toEqual([["10.0.0.1", { value: { goto: { target: "a" } } }]]);
  });

  it("says whether there is a map of a name", async () => {
    const nft = await table(
      "add set inet podwall s { typeof meta mark; }",
      "add map inet podwall m { typeof meta mark : meta mark; }",
      "add map inet podwall n { typeof meta mark : meta mark; }",
    );
    expect(await nft.hasMap("m")).toBe(true);
    expect(await nft.hasMap("s")).toBe(false);
    expect(await nft.hasMap("absent")).toBe(false);
    // Whoever asked for one may change others.
    expect(await nft.hasMap("m")).toBe(true);
    await nft.run(["add element inet podwall n { 2 : 3 }", "add element inet podwall s { 1 }"]);
    expect(await nft.hasMap("m")).toBe(true);
    await nft.run(["delete element inet podwall n { 2 }", "delete set inet podwall s"]);
    await nft.run(["delete table inet podwall"]);
    expect(await nft.hasMap("m")).toBe(false);
  });

  it("refuses intervals that overlap", async () => {
    const nft = await table("add map inet podwall m { typeof ct original ip saddr : meta priority; flags interval; }");
    const add = (elements: string): string => `add element inet podwall m { ${elements} }`;
    await outcomes(nft, [
      [add("10.0.0.0/24 : 1, 10.0.1.0-10.0.1.9 : 2"), "done"],
      [add("10.0.0.0/24 : 1"), "done"],
      [add("10.0.0.0/24 : 2"), "exists"],
      [add("10.0.0.0/25 : 1"), "exists"],
      [add("10.0.0.0/23 : 1"), "exists"],
      [add("10.0.0.128-10.0.1.0 : 1"), "exists"],
      [add("10.0.1.9 : 2"), "exists"],
      [add("10.0.2.0/24 : 1, 10.0.2.5 : 1"), "exists"],
      [[add("10.0.2.0/24 : 1"), add("10.0.2.5 : 1")], "exists"],
      [add("10.0.1.10-10.0.1.255 : 2"), "done"],
      ["delete element inet podwall m { 10.0.0.0/25 }", "not-found"],
      ["delete element inet podwall m { 10.0.0.0 }", "not-found"],
      [["delete element inet podwall m { 10.0.0.0/24 }", add("10.0.0.0/25 : 3, 10.0.0.128/25 : 4")], "done"],
    ]);
    expect(await elementsOf(nft, "m")).toEqual(
      sorted([
        [{ prefix: { addr: "10.0.0.0", len: 25 } }, { value: 3 }],
        [{ prefix: { addr: "10.0.0.128", len: 25 } }, { value: 4 }],
        [{ range: ["10.0.1.0", "10.0.1.9"] }, { value: 2 }],
        [{ range: ["10.0.1.10", "10.0.1.255"] }, { value: 2 }],
      ]),
    );
  });

  it("refuses intervals of several fields that begin or end in another", async () => {
    const nft = await table(
      "add set inet podwall s { typeof meta priority . meta l4proto . th dport; flags interval; }",
    );
    const add = (elements: string): string => `add element inet podwall s { ${elements} }`;
    await outcomes(nft, [
      [add("7 . 6 . 8000-9000"), "done"],
      [add("7 . 6 . 8000-9000"), "done"],
      [add("7 . 6 . 8000-8500"), "exists"],
      [add("7 . 6 . 8500-9500"), "exists"],
      [add("7 . 6 . 7500-8000"), "exists"],
      [add("7 . 6 . 8100-8200"), "exists"],
      [add("7 . 6 . 9000"), "exists"],
      [add("7 . 17 . 1-2, 7 . 17 . 2-3"), "exists"],
      [add("7 . 17 . 8000-9000, 8 . 6 . 8000-9000, 7 . 6 . 9001"), "done"],
      ["delete element inet podwall s { 7 . 6 . 1-2 }", "not-found"],
      [["delete element inet podwall s { 7 . 6 . 8000-9000 }", add("7 . 6 . 8000-8999")], "done"],
    ]);
    expect(await elementsOf(nft, "s")).toEqual(
      sorted([
        [7, 17, { range: [8000, 9000] }],
        [8, 6, { range: [8000, 9000] }],
        [7, 6, { range: [8000, 8999] }],
        [7, 6, 9001],
      ]),
    );
  });

  it("refuses to delete an element that is not there", async () => {
    const nft = await table(
      "add set inet podwall s { typeof iifname . ip saddr; }",
      'add element inet podwall s { "pw1" . 10.0.0.5 }',
    );
    await outcomes(nft, [
      ['delete element inet podwall s { "pw1" . 10.0.0.6 }', "not-found"],
      ['delete element inet podwall s { "pw1" . 10.0.0.5, "pw2" . 10.0.0.5 }', "not-found"],
      ['delete element inet podwall s { "pw1" . 10.0.0.5, "pw1" . 10.0.0.5 }', "not-found"],
      ["delete element inet podwall other { 1 }", "not-found"],
      ["add element inet podwall other { 1 }", "not-found"],
    ]);
    expect(await elementsOf(nft, "s")).toEqual([["pw1", "10.0.0.5"]]);
    await nft.run(["flush set inet podwall s"]);
    expect(await elementsOf(nft, "s")).toEqual([]);
  });

  it("keeps a set within its size", async () => {
    const nft = await table("add set inet podwall s { typeof meta priority; size 2; }");
    await outcomes(nft, [
      ["add element inet podwall s { 1, 2 }", "done"],
      ["add element inet podwall s { 3 }", "other"],
      ["add element inet podwall s { 2 }", "done"],
    ]);
  });
}
