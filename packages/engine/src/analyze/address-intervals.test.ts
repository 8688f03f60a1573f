import { describe, expect, it } from "vitest";
import type { Address } from "../net/address.ts";
import { parseAddress } from "../net/address.ts";
import type { AddressInterval } from "../rules/predicate.ts";
import { formatIntervals, joinIntervals } from "./address-intervals.ts";

function interval(text: string): AddressInterval {
  const [first, last] = text.split("-").map((part) => parseAddress(part) as Address) as [Address, Address];
  return { first, last };
}

describe("a set of addresses", () => {
  it.each([
    [["0.0.0.0-255.255.255.255", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"], "every address"],
    [["0.0.0.0-255.255.255.255"], "0.0.0.0/0"],
    [["10.0.0.0-10.0.0.255", "10.0.1.0-10.0.1.255"], "10.0.0.0/23"],
    [["10.0.0.1-10.0.0.3"], "10.0.0.1/32, 10.0.0.2/31"],
    [["0.0.0.0-9.255.255.255", "11.0.0.0-255.255.255.255"], "0.0.0.0/0 except 10.0.0.0/8"],
    [["192.0.2.1-192.0.2.1", "fd00::-fd00::ff"], "192.0.2.1/32; fd00::/120"],
    [[], "no address"],
  ])("%j is written %s", (texts, expected) => {
    expect(formatIntervals(joinIntervals(texts.map(interval)))).toBe(expected);
  });
});
