import type { Family } from "@podwall/engine";

/** How nft spells what differs between IPv4 and IPv6. */
export interface FamilyWords {
  readonly family: Family;
  /** The protocol word: `ip`, `ip6`. */
  readonly ip: string;
  /** ICMP messages about a connection, which pass with it (RFC 792, RFC 4443). */
  readonly icmpErrors: string;
  /**
   * Sets the packet priority back to what the IPv4 type of service gives it (Linux `rt_tos2priority`), after its use as scratch.
   * By the header's second byte: nft 1.1 refuses bits of `ip dscp` as the key of a map.
   */
  readonly restorePriority: string;
}

export const familyWords: Readonly<Record<Family, FamilyWords>> = {
  4: {
    family: 4,
    ip: "ip",
    icmpErrors: "icmp type { destination-unreachable, time-exceeded, parameter-problem }",
    restorePriority: "meta priority set @nh,8,8 & 0x18 map { 0x00 : 0, 0x08 : 2, 0x10 : 6, 0x18 : 4 }",
  },
  6: {
    family: 6,
    ip: "ip6",
    icmpErrors: "icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem }",
    restorePriority: "meta priority set 0",
  },
};

export const families: readonly Family[] = [4, 6];

export function perFamily<T>(make: (family: Family) => T): Readonly<Record<Family, T>> {
  return { 4: make(4), 6: make(6) };
}
