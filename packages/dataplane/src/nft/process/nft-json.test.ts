import { describe, expect, it } from "vitest";
import { elementsOf, objectsOf } from "./nft-json.ts";

const listing = (...items: readonly unknown[]): string =>
  JSON.stringify({ nftables: [{ metainfo: { version: "1.0.6" } }, ...items] });

describe("reading nft's JSON", () => {
  it("names chains, sets and maps of one table, and passes over everything else", () => {
    const table = "podwall";
    const texts = [
      listing({ chain: { table, name: "c" } }, { chain: { table: "other", name: "d" } }, { chain: { table } }, null, 7),
      listing({ set: { table, name: "s" } }, { set: null }),
      listing({ map: { table, name: "m" } }),
    ];
    expect(objectsOf(`${texts.join("\n")}\n`)).toEqual({ chains: ["c"], sets: ["s", "m"], maps: ["m"] });
    expect(objectsOf("\n")).toEqual({ chains: [], sets: [], maps: [] });
  });

  it("turns handles into numbers where the field is a priority, and nowhere else", () => {
    const elem = [
      "none",
      "root",
      "0:1",
      "1:1170",
      "1:0",
      "ffff:fffe",
      ":5",
      "2:",
      9,
      { range: ["0:1", "0:c8"] },
      "0:12345",
    ];
    const keys = (type: string): unknown[] => elementsOf(listing({ set: { type, elem } })).map(({ key }) => key[0]);
    expect(keys("classid")).toEqual([
      0,
      4294967295,
      1,
      70000,
      65536,
      4294967294,
      5,
      131072,
      9,
      { range: [1, 200] },
      "0:12345",
    ]);
    expect(keys("ifname")).toEqual(elem);
    const map = { type: "ifname", map: "classid", elem: [["1:1", "1:1"]] };
    expect(elementsOf(listing({ map }))).toEqual([{ key: ["1:1"], value: 65537 }]);
  });

  it("knows a priority by the expression that a set was declared by, as nft 1.1 names it", () => {
    const [priority, port] = [{ meta: { key: "priority" } }, { payload: { protocol: "th", field: "dport" } }];
    const one = { type: { typeof: priority }, elem: ["0:1", "2:0"] };
    expect(elementsOf(listing({ set: one })).map(({ key }) => key)).toEqual([[1], [131072]]);
    const two = { type: { typeof: { concat: [priority, port] } }, elem: [{ concat: ["0:7", { range: [80, 90] }] }] };
    expect(elementsOf(listing({ set: two }))).toEqual([{ key: [7, { range: [80, 90] }] }]);
    const address = { ct: { key: "ip saddr", dir: "original" } };
    const map = { type: { typeof: address }, map: "classid", elem: [["10.0.0.1", "0:7"]] };
    expect(elementsOf(listing({ map }))).toEqual([{ key: ["10.0.0.1"], value: 7 }]);
    expect(elementsOf(listing({ map: { ...map, map: { typeof: priority } } }))).toEqual([
      { key: ["10.0.0.1"], value: 7 },
    ]);
  });

  it("unwraps counters and timeouts in sets and maps", () => {
    const counter = { packets: 5, bytes: 300 };
    const set = {
      type: ["ipv4_addr", "inet_proto"],
      elem: [{ elem: { val: { concat: ["10.0.0.1", 6] }, expires: 599, counter } }, { concat: ["10.0.0.2", 17] }],
    };
    expect(elementsOf(listing({ set }))).toEqual([{ key: ["10.0.0.1", 6], packets: 5 }, { key: ["10.0.0.2", 17] }]);
    const map = { type: "ipv4_addr", map: "verdict", elem: [[{ elem: { val: "10.0.0.1", counter } }, { drop: null }]] };
    expect(elementsOf(listing({ map }))).toEqual([{ key: ["10.0.0.1"], value: { drop: null }, packets: 5 }]);
  });

  it("reads a set without elements, and leaves fields alone whose types are not known", () => {
    expect(elementsOf(listing({ set: { type: "mark" } }))).toEqual([]);
    const set = { type: ["classid"], elem: [{ concat: ["0:1", "0:2"] }] };
    expect(elementsOf(listing({ set }))).toEqual([{ key: ["0:1", "0:2"] }]);
  });

  it("says when output is not what nft writes", () => {
    for (const output of ["", "{", "[]", "null", '{"nftables":{}}', listing()]) {
      expect(() => elementsOf(output)).toThrow(expect.objectContaining({ name: "NftError", kind: "other" }));
    }
  });
});
