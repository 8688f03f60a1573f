/** 4 or 6. */
export type Family = 4 | 6;

/**
 * One IP address as four unsigned 32-bit words, most significant first.
 * An IPv4 address sits in the last word, the others are 0.
 */
export interface Address {
  readonly family: Family;
  readonly words: readonly [number, number, number, number];
}

/**
 * Reads an IP address the way Go's `netip.ParseAddr` does, which is what the API server uses for
 * pod addresses: dotted decimal without leading zeros, or RFC 4291 text. No zones, no port, no prefix.
 * An IPv4-mapped IPv6 address stays IPv6. Returns undefined for anything else.
 */
export function parseAddress(text: string): Address | undefined {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

/** The canonical text: dotted decimal, or RFC 5952. */
export function formatAddress(address: Address): string {
  return address.family === 4 ? formatIpv4(address.words[3]) : formatIpv6(address);
}

/**
 * Tells addresses apart in maps that have every pod's: less to keep than the text. An IPv4 address is its value as a signed
 * number of 32 bits, which V8 keeps in place.
 */
export type AddressKey = number | string;

export function addressKey(address: Address): AddressKey {
  return address.family === 4 ? address.words[3] | 0 : formatIpv6(address);
}

/** Orders addresses: IPv4 before IPv6, then by value. */
export function compareAddresses(a: Address, b: Address): number {
  if (a.family !== b.family) return a.family - b.family;
  for (let i = 0; i < 4; i++) {
    const difference = (a.words[i] as number) - (b.words[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The address after this one, or undefined after the last of its family. */
export function nextAddress(address: Address): Address | undefined {
  return step(address, 0, 0xffffffff, 1);
}

/** The address before this one, or undefined before the first of its family. */
export function previousAddress(address: Address): Address | undefined {
  return step(address, 0xffffffff, 0, -1);
}

/** The lowest address of a family. */
export function firstAddress(family: Family): Address {
  return { family, words: [0, 0, 0, 0] };
}

/** The highest address of a family. */
export function lastAddress(family: Family): Address {
  const ones = 0xffffffff;
  return { family, words: family === 4 ? [0, 0, 0, ones] : [ones, ones, ones, ones] };
}

/** Adds or subtracts one, carrying from word to word; `wrapped` is a word's value after it overflows. */
function step(address: Address, wrapped: number, limit: number, by: 1 | -1): Address | undefined {
  const words: [number, number, number, number] = [...address.words];
  const lowest = address.family === 4 ? 3 : 0;
  for (let i = 3; i >= lowest; i--) {
    if (words[i] !== limit) {
      words[i] = (words[i] as number) + by;
      return { family: address.family, words };
    }
    words[i] = wrapped;
  }
  return undefined;
}

function parseIpv4(text: string): Address | undefined {
  const value = ipv4Value(text, { leadingZeros: false });
  return value === undefined ? undefined : { family: 4, words: [0, 0, 0, value] };
}

/**
 * The 32-bit value of dotted decimal text. With `leadingZeros`, octets such as `010` are read as decimal,
 * as Go's `ParseIPSloppy` does.
 */
export function ipv4Value(text: string, options: { readonly leadingZeros: boolean }): number | undefined {
  const octets = text.split(".");
  if (octets.length !== 4) return undefined;
  let value = 0;
  for (const octet of octets) {
    if (!/^[0-9]+$/.test(octet)) return undefined;
    if (!options.leadingZeros && octet.length > 1 && octet.startsWith("0")) return undefined;
    const number = Number(octet);
    if (number > 255) return undefined;
    value = value * 256 + number;
  }
  return value;
}

function parseIpv6(text: string): Address | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] as string);
  const tail = halves.length === 2 ? groupsOf(halves[1] as string) : [];
  if (head === undefined || tail === undefined) return undefined;
  // An embedded IPv4 address may only end the whole text (RFC 4291, 2.2).
  if (halves.length === 2 && (halves[0] as string).includes(".")) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<number>(missing).fill(0), ...tail];
  const word = (i: number): number => (groups[i] as number) * 65536 + (groups[i + 1] as number);
  return { family: 6, words: [word(0), word(2), word(4), word(6)] };
}

function groupsOf(text: string): number[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (part.includes(".")) {
      const value = index === parts.length - 1 ? ipv4Value(part, { leadingZeros: false }) : undefined;
      if (value === undefined) return undefined;
      groups.push(Math.floor(value / 65536), value % 65536);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
      groups.push(Number.parseInt(part, 16));
    }
  }
  return groups;
}

function formatIpv4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

function formatIpv6(address: Address): string {
  const groups = address.words.flatMap((word) => [word >>> 16, word & 0xffff]);
  // IPv4-mapped addresses keep their dotted tail (RFC 5952, 5).
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${formatIpv4(address.words[3])}`;
  }
  const { start, length } = longestZeroRun(groups);
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(":");
  return length < 2 ? hex(groups) : `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}
