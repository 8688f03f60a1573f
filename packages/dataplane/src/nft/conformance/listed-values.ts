import { expect, it } from "vitest";
import { type OpenTable, elementsOf, sorted } from "./harness.ts";

/** How elements are listed. */
export function testListedValues(table: OpenTable): void {
  it("gives numbers, addresses, names, ranges, prefixes and verdicts", async () => {
    const nft = await table(
      "add chain inet podwall a",
      "add set inet podwall ids { typeof meta priority; }",
      "add element inet podwall ids { 0, 1, 8, 65535, 65536, 70000, 131072, 0x7fffffff, 4294967294, 4294967295 }",
      "add map inet podwall grants { typeof meta priority : meta priority; }",
      "add element inet podwall grants { 1 : 2147483648, 2147483647 : 2147483649, 70000 : 0 }",
      "add map inet podwall spans { typeof meta priority . meta l4proto : meta priority; flags interval; }",
      "add element inet podwall spans { 1-70000 . 0-255 : 2147483649, 70002-70003 . 0-255 : 2147483648 }",
      "add set inet podwall state { type mark; }",
      "add element inet podwall state { 7, 0xffff0000 }",
      "add set inet podwall ready4 { typeof iifname . ip saddr; }",
      'add element inet podwall ready4 { "pw1" . 10.0.0.5, "eth0.5" . 10.0.0.6, "a b}" . 10.0.0.7, "0123456789abcde" . 10.0.0.8 }',
      "add set inet podwall exact { typeof meta priority . meta l4proto . th dport; }",
      "add element inet podwall exact { 70000 . 6 . 80, 70000 . 17 . 53, 1 . 132 . 0, 0 . 253 . 65535, 2 . tcp . 1, }",
      "add set inet podwall range { typeof meta priority . meta l4proto . th dport; flags interval; }",
      "add element inet podwall range { 70000 . 6 . 8000-9000, 1-70000 . 6 . 80, 70000 . 17 . 0-65535, 5 . 6 . 7 }",
      "add set inet podwall cidrs { typeof ip saddr . th dport; flags interval; }",
      "add element inet podwall cidrs { 10.0.0.0/24 . 80, 10.0.1.0-10.0.1.255 . 1-1023, 10.1.0.0-10.1.0.9 . 8000-8191 }",
      "add set inet podwall ports { typeof th dport; flags interval; }",
      "add element inet podwall ports { 8000-8191, 0-1023, 9000 }",
      "add map inet podwall verdicts { typeof ct original ip saddr : verdict; }",
      "add element inet podwall verdicts { 10.0.0.5 : goto a, 10.0.0.6 : jump a, 10.0.0.7 : return, 10.0.0.8 : drop, 10.0.0.9 : accept }",
    );
    expect(await elementsOf(nft, "ids")).toEqual(
      sorted([0, 1, 8, 65535, 65536, 70000, 131072, 0x7fffffff, 4294967294, 4294967295].map((id) => [id])),
    );
    const valuesIn = async (name: string): Promise<ReadonlyMap<string, unknown>> =>
      new Map((await nft.elements(name)).map(({ key, value }) => [JSON.stringify(key), value]));
    expect(await valuesIn("grants")).toEqual(
      new Map([
        ["[1]", 2 ** 31],
        ["[2147483647]", 2 ** 31 + 1],
        ["[70000]", 0],
      ]),
    );
    expect(await valuesIn("spans")).toEqual(
      new Map([
        ['[{"range":[1,70000]},{"range":[0,255]}]', 2 ** 31 + 1],
        ['[{"range":[70002,70003]},{"range":[0,255]}]', 2 ** 31],
      ]),
    );
    expect(await elementsOf(nft, "state")).toEqual([[0xffff0000], [7]]);
    expect(await elementsOf(nft, "ready4")).toEqual(
      sorted([
        ["pw1", "10.0.0.5"],
        ["eth0.5", "10.0.0.6"],
        ["a b}", "10.0.0.7"],
        ["0123456789abcde", "10.0.0.8"],
      ]),
    );
    expect(await elementsOf(nft, "exact")).toEqual(
      sorted([
        [70000, 6, 80],
        [70000, 17, 53],
        [1, 132, 0],
        [0, 253, 65535],
        [2, 6, 1],
      ]),
    );
    expect(await elementsOf(nft, "range")).toEqual(
      sorted([
        [70000, 6, { range: [8000, 9000] }],
        [{ range: [1, 70000] }, 6, 80],
        [70000, 17, { range: [0, 65535] }],
        [5, 6, 7],
      ]),
    );
    expect(await elementsOf(nft, "cidrs")).toEqual(
      sorted([
        [{ prefix: { addr: "10.0.0.0", len: 24 } }, 80],
        [{ prefix: { addr: "10.0.1.0", len: 24 } }, { range: [1, 1023] }],
        [{ range: ["10.1.0.0", "10.1.0.9"] }, { range: [8000, 8191] }],
      ]),
    );
    expect(await elementsOf(nft, "ports")).toEqual(sorted([[{ range: [8000, 8191] }], [{ range: [0, 1023] }], [9000]]));
    expect(await elementsOf(nft, "verdicts")).toEqual(
      sorted([
        ["10.0.0.5", { value: { goto: { target: "a" } } }],
        ["10.0.0.6", { value: { jump: { target: "a" } } }],
        ["10.0.0.7", { value: { return: null } }],
        ["10.0.0.8", { value: { drop: null } }],
        ["10.0.0.9", { value: { accept: null } }],
      ]),
    );
  });

  it("covers all addresses of a family with the intervals of a map", async () => {
    const nft = await table(
      "add map inet podwall cidr4 { typeof ct original ip saddr : meta priority; flags interval; }",
      "add element inet podwall cidr4 { 0.0.0.0-9.255.255.255 : 1, 10.0.0.0-10.255.255.255 : 2, 11.0.0.0 : 0, 11.0.0.1-255.255.255.255 : 70000 }",
      "add map inet podwall all4 { typeof ct original ip saddr : meta priority; flags interval; }",
      "add element inet podwall all4 { 0.0.0.0-255.255.255.255 : 0 }",
      "add map inet podwall cidr6 { typeof ct original ip6 saddr : meta priority; flags interval; }",
      "add element inet podwall cidr6 { ::-fcff:ffff:ffff:ffff:ffff:ffff:ffff:ffff : 1, fd00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff : 65536, fe00::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff : 4294967295 }",
      "add map inet podwall pod6 { typeof ct original ip6 saddr : meta priority; }",
      "add element inet podwall pod6 { fd00:0::5 : 7, ::ffff:10.0.0.1 : 8, ::1 : 9 }",
    );
    expect(await elementsOf(nft, "cidr4")).toEqual(
      sorted([
        [{ range: ["0.0.0.0", "9.255.255.255"] }, { value: 1 }],
        [{ prefix: { addr: "10.0.0.0", len: 8 } }, { value: 2 }],
        ["11.0.0.0", { value: 0 }],
        [{ range: ["11.0.0.1", "255.255.255.255"] }, { value: 70000 }],
      ]),
    );
    expect(await elementsOf(nft, "all4")).toEqual([[{ prefix: { addr: "0.0.0.0", len: 0 } }, { value: 0 }]]);
    expect(await elementsOf(nft, "cidr6")).toEqual(
      sorted([
        [{ range: ["::", "fcff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"] }, { value: 1 }],
        [{ prefix: { addr: "fd00::", len: 8 } }, { value: 65536 }],
        [{ prefix: { addr: "fe00::", len: 7 } }, { value: 4294967295 }],
      ]),
    );
    expect(await elementsOf(nft, "pod6")).toEqual(
      sorted([
        ["fd00::5", { value: 7 }],
        ["::ffff:10.0.0.1", { value: 8 }],
        ["::1", { value: 9 }],
      ]),
    );
  });

  it("counts packets of the elements of a set with counters", async () => {
    const nft = await table(
      "add set inet podwall denied { typeof ip saddr . ip daddr . meta l4proto . th dport; flags dynamic,timeout; timeout 10m; size 65536; counter; }",
      "add element inet podwall denied { 10.0.0.1 . 10.0.0.2 . 6 . 80 counter packets 5 bytes 300, 10.0.0.1 . 10.0.0.3 . 17 . 53 }",
    );
    expect(await elementsOf(nft, "denied")).toEqual(
      sorted([
        ["10.0.0.1", "10.0.0.2", 6, 80, { packets: 5 }],
        ["10.0.0.1", "10.0.0.3", 17, 53, { packets: 0 }],
      ]),
    );
  });
}
