import { type Address, type Family, cidrOf, compareAddresses, formatAddress, parseAddress } from "@podwall/engine";
import { NftError } from "../nft.ts";

/** nft's name for what one field of a key, or a map's value, holds. */
export type FieldType = "ipv4_addr" | "ipv6_addr" | "ifname" | "mark" | "classid" | "inet_proto" | "inet_service";

/** What a field of an element covers: a value, or all from first to last, as numbers in network byte order. */
export interface Interval {
  readonly first: bigint;
  readonly last: bigint;
}

/** A value as it was written: quoted or not. */
export interface RawField {
  readonly text: string;
  readonly quoted: boolean;
}

const widths: Readonly<Record<Exclude<FieldType, "ipv4_addr" | "ipv6_addr" | "ifname">, number>> = {
  mark: 32,
  classid: 32,
  inet_proto: 8,
  inet_service: 16,
};

const protocols: Readonly<Record<string, bigint>> = {
  icmp: 1n,
  tcp: 6n,
  udp: 17n,
  "ipv6-icmp": 58n,
  icmpv6: 58n,
  sctp: 132n,
};

/**
 * Reads a value of a type. Stricter than nft where that guesses: it cuts numbers that are too large to 32 bits, and looks
 * up host and service names.
 */
export function parseField(type: FieldType, raw: RawField): Interval {
  if (type === "ifname") return single(interfaceName(raw));
  if (raw.quoted) throw unreadable(type, raw.text);
  const block = /^(.*)\/([0-9]+)$/.exec(raw.text);
  if (block !== null && (type === "ipv4_addr" || type === "ipv6_addr")) {
    return addressBlock(type, block[1] as string, Number(block[2]));
  }
  const ends = raw.text.split("-").map((text) => parseValue(type, text));
  const [first, last = first] = ends;
  if (first === undefined || last === undefined || ends.length > 2) throw unreadable(type, raw.text);
  if (last < first) throw new NftError("syntax", `Range has zero or negative size: ${raw.text}`);
  return { first, last };
}

/** A field the way nft's JSON shows it. */
export function formatField(type: FieldType, { first, last }: Interval): unknown {
  if (type === "ifname") return decodeName(first);
  if (type !== "ipv4_addr" && type !== "ipv6_addr") {
    return first === last ? Number(first) : { range: [Number(first), Number(last)] };
  }
  const family: Family = type === "ipv4_addr" ? 4 : 6;
  const from = addressOf(family, first);
  if (first === last) return formatAddress(from);
  const to = addressOf(family, last);
  for (let prefix = 0; prefix < (family === 4 ? 32 : 128); prefix++) {
    const cidr = cidrOf(from, prefix);
    if (compareAddresses(cidr.first, from) === 0 && compareAddresses(cidr.last, to) === 0) {
      return { prefix: { addr: formatAddress(from), len: prefix } };
    }
  }
  return { range: [formatAddress(from), formatAddress(to)] };
}

/** Whether two fields have a value in common. */
export function meet(a: Interval, b: Interval): boolean {
  return a.first <= b.last && b.first <= a.last;
}

function single(value: bigint): Interval {
  return { first: value, last: value };
}

function parseValue(type: Exclude<FieldType, "ifname">, text: string): bigint {
  if (type === "ipv4_addr" || type === "ipv6_addr") return addressValue(type, text);
  const named = type === "inet_proto" ? protocols[text] : undefined;
  if (named !== undefined) return named;
  if (!/^(?:[0-9]+|0x[0-9a-fA-F]+)$/.test(text)) throw unreadable(type, text);
  const value = BigInt(text);
  if (value >= 2n ** BigInt(widths[type])) throw new NftError("syntax", `${text} is out of range for ${type}`);
  return value;
}

function addressValue(type: "ipv4_addr" | "ipv6_addr", text: string): bigint {
  const address = parseAddress(text);
  if (address === undefined || address.family !== (type === "ipv4_addr" ? 4 : 6)) throw unreadable(type, text);
  return numberOf(address);
}

function addressBlock(type: "ipv4_addr" | "ipv6_addr", text: string, prefix: number): Interval {
  const address = addressOf(type === "ipv4_addr" ? 4 : 6, addressValue(type, text));
  if (prefix > (address.family === 4 ? 32 : 128)) throw unreadable(type, `${text}/${prefix}`);
  const cidr = cidrOf(address, prefix);
  return { first: numberOf(cidr.first), last: numberOf(cidr.last) };
}

function numberOf(address: Address): bigint {
  return address.words.reduce((value, word) => value * 0x1_0000_0000n + BigInt(word), 0n);
}

function addressOf(family: Family, value: bigint): Address {
  const word = (shift: bigint): number => Number((value >> shift) & 0xffff_ffffn);
  return { family, words: [word(96n), word(64n), word(32n), word(0n)] };
}

/** At most 15 characters (Linux `IFNAMSIZ`); a star at the end would mean a prefix, which only interval sets hold. */
function interfaceName({ text, quoted }: RawField): bigint {
  if (!quoted) throw new NftError("syntax", `an interface name must be quoted: ${text}`);
  const bytes = new TextEncoder().encode(text);
  if (bytes.length === 0 || bytes.length > 15 || text.endsWith("*")) throw unreadable("ifname", text);
  return [...bytes, ...Array<number>(16 - bytes.length).fill(0)].reduce(
    (value, byte) => value * 256n + BigInt(byte),
    0n,
  );
}

function decodeName(value: bigint): string {
  const bytes = Array.from({ length: 16 }, (_, i) => Number((value >> BigInt(8 * (15 - i))) & 0xffn));
  return new TextDecoder().decode(Uint8Array.from(bytes.filter((byte) => byte !== 0)));
}

function unreadable(type: FieldType, text: string): NftError {
  return new NftError("syntax", `cannot read ${JSON.stringify(text)} as ${type}`);
}
