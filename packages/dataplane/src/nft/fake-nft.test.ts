import { describe, expect, it } from "vitest";
import { fakeNft } from "./fake-nft.ts";
import { describeNft } from "./nft-conformance.ts";

describeNft("the fake nft", async () => fakeNft());

describe("what the fake nft adds", () => {
  it("dumps the table as text, whatever the order in which elements came", async () => {
    const dumpAfter = async (elements: string): Promise<string> => {
      const nft = fakeNft();
      await nft.run([
        "add table inet podwall",
        "add chain inet podwall forward { type filter hook forward priority filter - 10; policy accept; }",
        "add chain inet podwall a",
        "add rule inet podwall forward jump a",
        "add map inet podwall m { typeof ct original ip saddr : verdict; flags interval; }",
        `add element inet podwall m { ${elements} }`,
      ]);
      return nft.dump();
    };
    const text = await dumpAfter("10.0.0.0/24 : goto a, 10.0.1.1 : return");
    expect(text).toBe(await dumpAfter("10.0.1.1 : return, 10.0.0.0/24 : goto a"));
    expect(text).toContain("type filter hook forward priority -10; policy accept;\n\t\tjump a\n");
    expect(text).toContain('10.0.1.1 : {"return":null}');
    expect(fakeNft().dump()).toBe("");
  });

  it("is stricter than the kernel where that takes overlapping intervals of several fields", async () => {
    const nft = fakeNft();
    await nft.run([
      "add table inet podwall",
      "add set inet podwall s { typeof meta priority . meta l4proto . th dport; flags interval; }",
      "add element inet podwall s { 7 . 6 . 8000-9000 }",
    ]);
    await expect(nft.run(["add element inet podwall s { 7 . 6 . 7500-9500 }"])).rejects.toMatchObject({
      kind: "exists",
    });
    await expect(nft.run(["delete element inet podwall s { 7 . 6 . 8000-8500 }"])).rejects.toMatchObject({
      kind: "not-found",
    });
  });

  it("is stricter than nft where that cuts a number or guesses at a name", async () => {
    const nft = fakeNft();
    await nft.run([
      "add table inet podwall",
      "add set inet podwall id { typeof meta priority; }",
      "add set inet podwall link { typeof iifname; }",
      "add set inet podwall port { typeof th dport; }",
    ]);
    for (const text of ["id { 4294967296 }", "link { pw1 }", "port { http }"]) {
      await expect(nft.run([`add element inet podwall ${text}`])).rejects.toMatchObject({ kind: "syntax" });
    }
  });

  it("refuses transactions longer than it is told to take", async () => {
    const nft = fakeNft({ longestTransaction: 100 });
    await nft.run(["add table inet podwall"]);
    await expect(nft.run(Array<string>(10).fill("add chain inet podwall a"))).rejects.toMatchObject({
      kind: "too-long",
    });
    expect(await nft.objects()).toEqual({ chains: [], sets: [] });
  });
});
