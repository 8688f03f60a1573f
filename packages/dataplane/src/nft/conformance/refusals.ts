import { it } from "vitest";
import { type OpenTable, outcomes } from "./harness.ts";

/** What is not in the language. */
export function testRefusals(table: OpenTable): void {
  it("refuses what it cannot read", async () => {
    const nft = await table(
      "add chain inet podwall a",
      "add set inet podwall id { typeof meta priority; }",
      "add set inet podwall pair { typeof meta priority . meta l4proto; }",
      "add set inet podwall ports { typeof th dport; flags interval; }",
      "add map inet podwall m { typeof ct original ip saddr : meta priority; }",
      "add map inet podwall v { typeof ct original ip saddr : verdict; }",
      "add set inet podwall v6 { typeof ip6 saddr; }",
      "add set inet podwall ready { typeof iifname . ip saddr; }",
    );
    const texts = [
      "",
      "frobnicate",
      "add",
      "add chain",
      "add chain inet podwall",
      "add chain inet podwall a b",
      "add chain inet podwall a!b",
      "add chain inet podwall 4x",
      "add chain inet podwall -x",
      "add chain inet podwall accept",
      "add chain inet podwall fwd",
      "add chain inet podwall tcp",
      "add chain inet podwall x { type filter hook nowhere priority 0; }",
      "add rule inet podwall a",
      "add rule inet podwall a ip saddr { 10.0.0.1 accept",
      "add set inet podwall s",
      "add set inet podwall s { flags interval; }",
      "add set inet podwall s { type ipv4_addr }",
      "add set inet podwall s { typeof meta priority : verdict; }",
      "add set inet podwall s { typeof nonsense; }",
      "add set inet podwall s { type nonsense; }",
      "add set inet podwall s { type mark; flags sideways; }",
      "add map inet podwall s { typeof meta priority; }",
      "add element inet podwall id { }",
      "add element inet podwall id { 5 6 }",
      "add element inet podwall id 5",
      "add element inet podwall id { -1 }",
      "add element inet podwall id { 1 : 7 }",
      "add element inet podwall id { 1-2 }",
      "add element inet podwall pair { 1 }",
      "add element inet podwall pair { 1 . 6 . 7 }",
      "add element inet podwall pair { 1 . 256 }",
      "add element inet podwall ports { 70000 }",
      "add element inet podwall ports { 10-5 }",
      "add element inet podwall m { 10.0.1 : 1 }",
      "add element inet podwall m { 10.0.0.256 : 1 }",
      "add element inet podwall m { fd00::1 : 1 }",
      "add element inet podwall v { 10.0.0.5 : reject }",
      "add element inet podwall v { 10.0.0.5 : 5 }",
      "add element inet podwall v6 { 10.0.0.1 }",
      "add element inet podwall v6 { fd00:::1 }",
      'add element inet podwall ready { "" . 10.0.0.5 }',
      'add element inet podwall ready { "0123456789abcdef" . 10.0.0.5 }',
      'add element inet podwall ready { "pw*" . 10.0.0.5 }',
      'add element inet podwall ready { "pw1 . 10.0.0.5 }',
      "add chain inet podwall x # the rest is lost",
      "add chain inet podwall x\ndelete table inet podwall",
      "add chain inet podwall x\\",
    ];
    await outcomes(
      nft,
      texts.map((text) => [text, "syntax"]),
    );
    await outcomes(nft, [
      [`add chain inet podwall ${"a".repeat(256)}`, "other"],
      ["add element inet podwall m { 10.0.0.77 }", "other"],
      [`add chain inet podwall ${"a".repeat(255)}`, "done"],
      ["add chain inet podwall state-1.x/y_z", "done"],
    ]);
  });
}
