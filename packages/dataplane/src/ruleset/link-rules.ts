import { type Family, formatCidr } from "@podwall/engine";
import type { FamilyWords } from "./address-family.ts";
import type { Judgement } from "./judgement.ts";

/** Which packets must carry a programmed pod's address: those on a pod's link, and those with an address of a local range. */
export function linkRules(judgement: Judgement, { family, ip }: FamilyWords, end: "source" | "target"): string[] {
  const { side, header } = packetEnd(end);
  const { podInterfacePrefix: prefix } = judgement;
  const ranges = rangesOf(judgement, family);
  return [
    ...(prefix === undefined ? [] : [`${side} "${prefix}*" jump ${end}${family}`]),
    ...(ranges === undefined ? [] : [`${notOnPodLink(judgement, side)}${ip} ${header} ${ranges} jump ${end}${family}`]),
  ];
}

/** Lets a programmed pod's packets go on. One that shares a link has its address elsewhere than on pods' own links only. */
export function readyRules(judgement: Judgement, { family, ip }: FamilyWords, end: "source" | "target"): string[] {
  const { side, header } = packetEnd(end);
  const { ready, readyAddress } = judgement.sets[family].dispatch;
  return [
    `${side} . ${ip} ${header} @${ready} return`,
    ...(readyAddress === undefined ? [] : [`${notOnPodLink(judgement, side)}${ip} ${header} @${readyAddress} return`]),
    "goto quarantine",
  ];
}

function packetEnd(end: "source" | "target"): { readonly side: string; readonly header: string } {
  return end === "source" ? { side: "iifname", header: "saddr" } : { side: "oifname", header: "daddr" };
}

function notOnPodLink({ podInterfacePrefix: prefix }: Judgement, side: string): string {
  return prefix === undefined ? "" : `${side} != "${prefix}*" `;
}

/** The local ranges of a family, as an anonymous set. */
export function rangesOf(judgement: Judgement, family: Family): string | undefined {
  const ranges = judgement.localRanges.filter((range) => range.family === family);
  return ranges.length === 0 ? undefined : `{ ${ranges.map(formatCidr).join(", ")} }`;
}

/**
 * Without these IPv6 has no link. They never leave it, so one that a router passed on is none: a hop limit below 255
 * (RFC 4861 section 7.1), or listener discovery for a single receiver (RFC 2710 section 3, RFC 3810 section 5).
 */
export function neighbourDiscovery(family: Family): string[] {
  return family === 4
    ? []
    : [
        "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, nd-router-advert } ip6 hoplimit 255 accept",
        "icmpv6 type { mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report } ip6 daddr ff00::/8 accept",
      ];
}
