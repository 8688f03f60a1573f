import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Address,
  compareAddresses,
  formatAddress,
  nextAddress,
  parseAddress,
  previousAddress,
} from "./address.ts";

const word = fc.integer({ min: 0, max: 0xffffffff });
// Zero words are drawn often, so that runs of zero groups are.
const sparseWord = fc.oneof(word, fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
const arbitraryAddress: fc.Arbitrary<Address> = fc.oneof(
  word.map((value): Address => ({ family: 4, words: [0, 0, 0, value] })),
  fc.tuple(sparseWord, sparseWord, sparseWord, sparseWord).map((words): Address => ({ family: 6, words })),
);

describe("an address", () => {
  it("is the same after it was written and read", () => {
    fc.assert(
      fc.property(arbitraryAddress, (address) => {
        expect(parseAddress(formatAddress(address))).toEqual(address);
      }),
    );
  });

  it.each([
    ["10.0.0.1", "10.0.0.1"],
    ["255.255.255.255", "255.255.255.255"],
    ["::", "::"],
    ["::1", "::1"],
    ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
    // The longest run of zeros is shortened, the first of equals, and never a single group (RFC 5952).
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["1::", "1::"],
    ["::ffff:10.0.0.1", "::ffff:10.0.0.1"],
    ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
  ])("%s is written %s", (text, canonical) => {
    expect(formatAddress(parseAddress(text) as Address)).toBe(canonical);
  });

  it.each([
    "",
    "10.0.0",
    "10.0.0.256",
    "10.0.0.01",
    "10.0.0.1.",
    " 10.0.0.1",
    "10.0.0.1/32",
    "0x0a.0.0.1",
    ":",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    // `::` stands for one group at least.
    "1:2:3:4::5:6:7:8",
    "12345::",
    "fe80::1%eth0",
    "[::1]",
    "::10.0.0.1:1",
    "10.0.0.1::",
    "::ffff:010.0.0.1",
  ])("%j is not one", (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it("has one before and one after it, but at the ends of its family", () => {
    fc.assert(
      fc.property(arbitraryAddress, (address) => {
        const next = nextAddress(address);
        if (next === undefined) return;
        expect(compareAddresses(address, next)).toBeLessThan(0);
        expect(previousAddress(next)).toEqual(address);
      }),
    );
    expect(nextAddress(parseAddress("255.255.255.255") as Address)).toBeUndefined();
    expect(previousAddress(parseAddress("::") as Address)).toBeUndefined();
    expect(formatAddress(nextAddress(parseAddress("::ffff:ffff") as Address) as Address)).toBe("::1:0:0");
  });

  it("of IPv4 comes before any of IPv6", () => {
    expect(compareAddresses(parseAddress("255.0.0.0") as Address, parseAddress("::") as Address)).toBeLessThan(0);
  });
});
