import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Address, nextAddress, parseAddress, previousAddress } from "./address.ts";
import { type Cidr, cidrContains, cidrOf, formatCidr, parseCidr } from "./cidr.ts";

const word = fc.integer({ min: 0, max: 0xffffffff });
const arbitraryCidr: fc.Arbitrary<Cidr> = fc.oneof(
  fc
    .tuple(word, fc.integer({ min: 0, max: 32 }))
    .map(([value, prefix]) => cidrOf({ family: 4, words: [0, 0, 0, value] }, prefix)),
  fc
    .tuple(word, word, word, word, fc.integer({ min: 0, max: 128 }))
    .map(([a, b, c, d, prefix]) => cidrOf({ family: 6, words: [a, b, c, d] }, prefix)),
);

describe("a block of addresses", () => {
  it("holds its first and last address and neither neighbour", () => {
    fc.assert(
      fc.property(arbitraryCidr, (cidr) => {
        expect(cidrContains(cidr, cidr.first)).toBe(true);
        expect(cidrContains(cidr, cidr.last)).toBe(true);
        for (const beyond of [previousAddress(cidr.first), nextAddress(cidr.last)]) {
          if (beyond !== undefined) expect(cidrContains(cidr, beyond)).toBe(false);
        }
      }),
    );
  });

  it("is the same after it was written and read", () => {
    fc.assert(
      fc.property(arbitraryCidr, (cidr) => {
        // Blocks of IPv4-mapped addresses are read as IPv4, as the API server does.
        fc.pre(!formatCidr(cidr).startsWith("::ffff:"));
        expect(parseCidr(formatCidr(cidr))).toEqual({ cidr });
      }),
    );
  });

  it.each([
    ["10.0.0.0/8", "10.0.0.0/8", undefined],
    ["0.0.0.0/0", "0.0.0.0/0", undefined],
    ["2001:DB8::/32", "2001:db8::/32", undefined],
    ["::/0", "::/0", undefined],
    ["192.168.1.5/24", "192.168.1.0/24", "host-bits"],
    ["2001:db8::1/32", "2001:db8::/32", "host-bits"],
    // Leading zeros are decimal, not octal.
    ["010.020.0.0/16", "10.20.0.0/16", "leading-zeros"],
    ["10.0.0.0/08", "10.0.0.0/8", "leading-zeros"],
    ["::ffff:10.0.0.0/104", "10.0.0.0/8", "ipv4-mapped"],
  ])("%s means %s", (text, meaning, problem) => {
    const parsed = parseCidr(text);
    expect(formatCidr(parsed.cidr as Cidr)).toBe(meaning);
    expect(parsed.problem).toBe(problem);
  });

  it.each([
    "",
    "10.0.0.0",
    "10.0.0.0/",
    "10.0.0.0/33",
    "::/129",
    "10.0.0.0/-1",
    "10.0.0/8",
    "/8",
    "a/8",
    "10.0.0.0/8/8",
  ])("cannot be read from %j", (text) => expect(parseCidr(text)).toEqual({ problem: "unparsable" }));

  it("holds no address of the other family", () => {
    const everything = parseCidr("0.0.0.0/0").cidr as Cidr;
    expect(cidrContains(everything, parseAddress("::1") as Address)).toBe(false);
    expect(cidrContains(parseCidr("::/0").cidr as Cidr, parseAddress("10.0.0.1") as Address)).toBe(false);
  });
});
