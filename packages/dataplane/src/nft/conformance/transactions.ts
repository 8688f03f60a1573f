import { expect, it } from "vitest";
import type { NftError } from "../nft.ts";
import { type OpenTable, elementsOf, outcomes } from "./harness.ts";

/** All or nothing, in order. */
export function testTransactions(table: OpenTable): void {
  it("creates and deletes within one transaction", async () => {
    const nft = await table();
    await outcomes(nft, [
      [["add chain inet podwall a", "delete chain inet podwall a", "add chain inet podwall a"], "done"],
      [["add chain inet podwall b", "add rule inet podwall b accept", "delete chain inet podwall b"], "done"],
      [["add chain inet podwall b", "delete chain inet podwall b", "add rule inet podwall a jump b"], "not-found"],
      [
        [
          "add set inet podwall s { type mark; }",
          "add element inet podwall s { 1 }",
          "delete element inet podwall s { 1 }",
        ],
        "done",
      ],
      [["add element inet podwall s { 1 }", "flush set inet podwall s", "add element inet podwall s { 2 }"], "done"],
      [["delete table inet podwall", "add table inet podwall", "add chain inet podwall z"], "done"],
    ]);
    expect(await nft.objects()).toEqual({ chains: ["z"], sets: [] });
  });

  it("changes nothing when one command of a transaction fails", async () => {
    const before = [
      "add chain inet podwall a",
      "add set inet podwall s { typeof meta priority; }",
      "add element inet podwall s { 1, 2 }",
      "add map inet podwall m { typeof ct original ip saddr : meta priority; }",
      "add element inet podwall m { 10.0.0.1 : 1 }",
      "add chain inet podwall b",
      "add rule inet podwall a jump b",
    ];
    const nft = await table(...before);
    const change = [
      "add element inet podwall s { 3 }",
      "delete element inet podwall s { 1 }",
      "flush chain inet podwall a",
      "add chain inet podwall c",
      "delete element inet podwall m { 10.0.0.1 }",
      "add set inet podwall t { type mark; }",
    ];
    await outcomes(nft, [
      [[...change, "add element inet podwall m { 10.0.0.2 : 1, 10.0.0.2 : 2 }"], "exists"],
      [[...change, "delete element inet podwall s { 9 }"], "not-found"],
      [[...change, "delete chain inet podwall none"], "not-found"],
      [[...change, "add rule inet podwall a goto b", "delete chain inet podwall b"], "busy"],
      [[...change, "frobnicate"], "syntax"],
    ]);
    const { chains = [], sets = [] } = (await nft.objects()) ?? {};
    expect([[...chains].sort(), [...sets].sort()]).toEqual([
      ["a", "b"],
      ["m", "s"],
    ]);
    expect(await elementsOf(nft, "s")).toEqual([[1], [2]]);
    expect(await elementsOf(nft, "m")).toEqual([["10.0.0.1", { value: 1 }]]);
    await outcomes(nft, [["delete chain inet podwall b", "busy"]]);
  });

  it("runs transactions in the order of the calls", async () => {
    const nft = await table("add map inet podwall m { typeof ct original ip saddr : meta priority; }");
    const runs = Array.from({ length: 50 }, (_, i) => ({
      accepted: nft.run([
        ...(i === 0 ? [] : ["delete element inet podwall m { 10.0.0.1 }"]),
        `add element inet podwall m { 10.0.0.1 : ${i} }`,
      ]),
      // The 20th of these is too large for the process that stays.
      refused: nft.run([`add element inet podwall m { ${addresses(i === 20 ? 1000 : 1)} }`]).then(
        () => "done",
        (error: NftError) => error.kind,
      ),
    }));
    expect(await Promise.all(runs.map(({ refused }) => refused))).toEqual(runs.map(() => "exists"));
    await Promise.all(runs.map(({ accepted }) => accepted));
    expect(await elementsOf(nft, "m")).toEqual([["10.0.0.1", { value: 49 }]]);
  });

  it("names the command at fault", async () => {
    const nft = await table("add chain inet podwall a", "add set inet podwall s { typeof meta priority; }");
    const many = Array.from({ length: 40 }, (_, i) => `add element inet podwall s { ${i} }`);
    await expect(nft.run([...many, "delete element inet podwall s { 99 }", ...many])).rejects.toThrow(
      "delete element inet podwall s { 99 }",
    );
    const large = Array.from({ length: 400 }, (_, i) => `add element inet podwall s { ${i} }`);
    await expect(nft.run([...large, "delete element inet podwall s { 998 }", ...large])).rejects.toThrow(
      "delete element inet podwall s { 998 }",
    );
  });
}

/** `10.0.0.1`, with a value it is not given elsewhere, and other addresses. */
function addresses(count: number): string {
  const others = Array.from({ length: count - 1 }, (_, i) => `10.1.${i >> 8}.${i & 255} : 4000`);
  return ["10.0.0.1 : 4000", ...others].join(", ");
}
