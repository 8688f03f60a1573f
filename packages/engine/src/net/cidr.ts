import { type Address, type Family, compareAddresses, formatAddress, ipv4Value, parseAddress } from "./address.ts";

/** A block of addresses: the network's first and last address and its prefix length in bits. */
export interface Cidr {
  readonly family: Family;
  readonly prefix: number;
  readonly first: Address;
  readonly last: Address;
}

/**
 * What is wrong with a CIDR text. Only `unparsable` leaves no block to work with; the others are refused by
 * API servers since Kubernetes 1.36 (KEP-4858) but stored by earlier ones, so they still have a meaning.
 */
export type CidrProblem = "unparsable" | "leading-zeros" | "ipv4-mapped" | "host-bits";

export interface ParsedCidr {
  readonly cidr?: Cidr;
  /** The first problem in the order in which the API server looks for them. */
  readonly problem?: CidrProblem;
}

/**
 * Reads `address/prefix` as Go's `ParseCIDRSloppy` does: leading zeros are decimal, an IPv4-mapped address is
 * IPv4, bits beyond the prefix are dropped. Each of those is reported as a problem.
 */
export function parseCidr(text: string): ParsedCidr {
  const slash = text.indexOf("/");
  const host = text.slice(0, slash);
  const bits = text.slice(slash + 1);
  if (slash < 0 || !/^[0-9]+$/.test(bits)) return { problem: "unparsable" };
  const sloppy = sloppyAddress(host);
  if (sloppy === undefined) return { problem: "unparsable" };
  const prefix = Number(bits) - (sloppy.mapped ? 96 : 0);
  const width = sloppy.address.family === 4 ? 32 : 128;
  if (prefix < 0 || prefix > width) return { problem: "unparsable" };
  const cidr = cidrOf(sloppy.address, prefix);
  if (sloppy.leadingZeros || (bits.length > 1 && bits.startsWith("0"))) return { cidr, problem: "leading-zeros" };
  if (sloppy.mapped) return { cidr, problem: "ipv4-mapped" };
  if (compareAddresses(cidr.first, sloppy.address) !== 0) return { cidr, problem: "host-bits" };
  return { cidr };
}

/** The block of `prefix` bits that holds an address. */
export function cidrOf(address: Address, prefix: number): Cidr {
  const unused = (address.family === 4 ? 32 : 128) - prefix;
  const first: number[] = [];
  const last: number[] = [];
  for (let i = 0; i < 4; i++) {
    const hostBits = Math.min(Math.max(unused - (3 - i) * 32, 0), 32);
    const mask = hostBits === 32 ? 0xffffffff : 2 ** hostBits - 1;
    const word = address.words[i] as number;
    const outside = address.family === 4 && i < 3;
    first.push(outside ? 0 : (word & ~mask) >>> 0);
    last.push(outside ? 0 : (word | mask) >>> 0);
  }
  const { family } = address;
  return {
    family,
    prefix,
    first: { family, words: first as unknown as Address["words"] },
    last: { family, words: last as unknown as Address["words"] },
  };
}

/** Whether an address is in a block; never across families. */
export function cidrContains(cidr: Cidr, address: Address): boolean {
  return (
    cidr.family === address.family &&
    compareAddresses(cidr.first, address) <= 0 &&
    compareAddresses(address, cidr.last) <= 0
  );
}

/** The canonical text of a block. */
export function formatCidr(cidr: Cidr): string {
  return `${formatAddress(cidr.first)}/${cidr.prefix}`;
}

function sloppyAddress(text: string): { address: Address; leadingZeros: boolean; mapped: boolean } | undefined {
  const strict = parseAddress(text);
  if (strict !== undefined) {
    const mapped = isIpv4Mapped(strict);
    const address: Address = mapped ? { family: 4, words: [0, 0, 0, strict.words[3]] } : strict;
    return { address, leadingZeros: false, mapped };
  }
  const value = ipv4Value(text, { leadingZeros: true });
  return value === undefined
    ? undefined
    : { address: { family: 4, words: [0, 0, 0, value] }, leadingZeros: true, mapped: false };
}

function isIpv4Mapped(address: Address): boolean {
  const [a, b, c] = address.words;
  return address.family === 6 && a === 0 && b === 0 && c === 0xffff;
}
