import { type Cidr, type Direction, type Family, formatCidr } from "@podwall/engine";
import { replaceRules } from "./commands.ts";
import { type FamilyWords, families, familyWords } from "./address-family.ts";
import { type MarkBits, hex, markMask, markValue } from "./mark.ts";

/** What a new connection that is denied gets: silence, so that its sender tries again, or an ICMP error at once. */
export type DenyWith = "drop" | "reject";

/** The objects that the rules of one generation read, and the constants in them. */
export interface Judgement {
  readonly mark: MarkBits;
  readonly denyWith: DenyWith;
  /** Undefined while marks are being cleared: then nothing is approved and nothing is marked. */
  readonly epoch: number | undefined;
  readonly localRanges: readonly Cidr[];
  readonly podInterfacePrefix?: string;
  readonly sets: Readonly<Record<Family, FamilySets>>;
}

/** Names of the sets and maps of one family. */
export interface FamilySets {
  /** Link and address of the local pods that are programmed. */
  readonly ready: string;
  /** Addresses of local pods that share a link. */
  readonly readyAddress?: string;
  /** Pod and itself, through a Service. */
  readonly self: string;
  /** What judges a local pod's egress and ingress. */
  readonly egress: string;
  readonly ingress: string;
  /** Identity by interval, then by pod address, then what changed since that was written. */
  readonly atoms: string;
  readonly pods: string;
  readonly delta?: string;
}

/** Chains whose rules are replaced at each switch. A packet runs through the rules of one generation only. */
export const judgeChains: readonly string[] = [
  "cut",
  "quarantine",
  ...families.flatMap((family) => [
    `source${family}`,
    `target${family}`,
    `peer_egress${family}`,
    `peer_ingress${family}`,
    `egress${family}`,
    `ingress${family}`,
    `commit${family}`,
    `denied_egress${family}`,
    `denied_ingress${family}`,
    `judge${family}`,
    `input${family}`,
  ]),
];

/** Where denied connections are counted. */
export function deniedSet(direction: Direction, family: Family): string {
  return `flows_${direction}${family}`;
}

/** The identity of an address that could not be read: no rule set knows it. */
const noIdentity = "0xffffffff";

/** Commands that put a judgement in force; they are one transaction. */
export function switchTo(judgement: Judgement): string[] {
  const chains: [string, string[]][] = [
    ["cut", ["meta l4proto tcp reject with tcp reset", "drop"]],
    ["quarantine", ["counter drop"]],
    ...families.flatMap((family) => familyChains(judgement, familyWords[family])),
    ["forward", ["meta nfproto ipv4 goto judge4", "meta nfproto ipv6 goto judge6"]],
    ["input", ["meta nfproto ipv4 goto input4", "meta nfproto ipv6 goto input6"]],
  ];
  return chains.flatMap(([chain, rules]) => replaceRules(chain, rules));
}

function familyChains(judgement: Judgement, words: FamilyWords): [string, string[]][] {
  const { family, ip } = words;
  const sets = judgement.sets[family];
  const source = `ct original ${ip} saddr`;
  const destination = `ct reply ${ip} saddr`;
  return [
    [`source${family}`, readyRules(`iifname . ${ip} saddr`, `${ip} saddr`, sets)],
    [`target${family}`, readyRules(`oifname . ${ip} daddr`, `${ip} daddr`, sets)],
    [`peer_egress${family}`, identityRules(destination, sets)],
    [`peer_ingress${family}`, identityRules(source, sets)],
    [
      `egress${family}`,
      [
        `jump peer_egress${family}`,
        `${source} vmap @${sets.egress}`,
        ...closingRules(judgement, family, {
          end: source,
          side: "iifname",
          header: "saddr",
          map: sets.egress,
        }),
      ],
    ],
    [
      `ingress${family}`,
      [
        `jump peer_ingress${family}`,
        `${destination} vmap @${sets.ingress}`,
        ...closingRules(judgement, family, {
          end: destination,
          side: "oifname",
          header: "daddr",
          map: sets.ingress,
        }),
      ],
    ],
    [`commit${family}`, commitRules(judgement, words)],
    [`denied_egress${family}`, deniedRules(judgement, words, "egress")],
    [`denied_ingress${family}`, deniedRules(judgement, words, "ingress")],
    [`judge${family}`, judgeRules(judgement, words)],
    [`input${family}`, [...neighbourDiscovery(family), ...linkRules(judgement, words, "source")]],
  ];
}

function judgeRules(judgement: Judgement, words: FamilyWords): string[] {
  const { family, ip } = words;
  return [
    ...neighbourDiscovery(family),
    ...linkRules(judgement, words, "source"),
    ...linkRules(judgement, words, "target"),
    ...approvedRules(judgement),
    `ct state related ${words.icmpErrors} accept`,
    `ct original ${ip} saddr . ct reply ${ip} saddr @${judgement.sets[family].self} goto commit${family}`,
    `jump egress${family}`,
    `jump ingress${family}`,
    `goto commit${family}`,
  ];
}

/** A live connection that this policy generation approved needs no other look. */
function approvedRules({ mark, epoch }: Judgement): string[] {
  return epoch === undefined ? [] : [`ct mark & ${hex(markMask(mark))} == ${hex(markValue(mark, epoch))} accept`];
}

function commitRules({ mark, epoch }: Judgement, words: FamilyWords): string[] {
  const others = hex((2 ** 32 - 1 - markMask(mark)) >>> 0);
  return [
    ...(epoch === undefined ? [] : [`ct mark set ct mark & ${others} | ${hex(markValue(mark, epoch))}`]),
    words.restorePriority,
  ];
}

/** Counts the connection; a live one is reset so that its sender knows at once. */
function deniedRules({ denyWith }: Judgement, { family, ip }: FamilyWords, direction: Direction): string[] {
  const ends = `ct original ${ip} saddr . ct reply ${ip} saddr`;
  return [
    ...["tcp", "udp", "sctp"].map(
      (protocol) =>
        `meta l4proto ${protocol} update @${deniedSet(direction, family)} { ${ends} . meta l4proto . ct reply proto-src }`,
    ),
    "meta l4proto tcp ct state established reject with tcp reset",
    denyWith === "drop" ? "drop" : "reject with icmpx type admin-prohibited",
  ];
}

/** Which packets must carry a programmed pod's address: those on a pod's link, and those with an address of a local range. */
function linkRules(judgement: Judgement, { family, ip }: FamilyWords, end: "source" | "target"): string[] {
  const side = end === "source" ? "iifname" : "oifname";
  const header = end === "source" ? "saddr" : "daddr";
  const { podInterfacePrefix: prefix } = judgement;
  const ranges = rangesOf(judgement, family);
  return [
    ...(prefix === undefined ? [] : [`${side} "${prefix}*" jump ${end}${family}`]),
    ...(ranges === undefined
      ? []
      : [`${prefix === undefined ? "" : `${side} != "${prefix}*" `}${ip} ${header} ${ranges} jump ${end}${family}`]),
  ];
}

function readyRules(linked: string, address: string, sets: FamilySets): string[] {
  return [
    `${linked} @${sets.ready} return`,
    ...(sets.readyAddress === undefined ? [] : [`${address} @${sets.readyAddress} return`]),
    "goto quarantine",
  ];
}

function identityRules(end: string, sets: FamilySets): string[] {
  const maps = [sets.atoms, sets.pods, ...(sets.delta === undefined ? [] : [sets.delta])];
  return [`meta priority set ${noIdentity}`, ...maps.map((map) => `meta priority set ${end} map @${map}`)];
}

/**
 * What follows a miss in dispatch. A local pod always has an entry, so a miss on a pod's link or in a local range is an
 * entry that is gone: closed. Packets without a connection (invalid, untracked) are looked up by their header; no rule can
 * tell their peer, so an isolated pod's are denied.
 */
function closingRules(
  judgement: Judgement,
  family: Family,
  dispatch: {
    readonly end: string;
    readonly side: string;
    readonly header: string;
    readonly map: string;
  },
): string[] {
  const { ip } = familyWords[family];
  const other = dispatch.side === "iifname" ? "oifname" : "iifname";
  const loose = "ct state invalid,untracked";
  const { podInterfacePrefix: prefix } = judgement;
  const ranges = rangesOf(judgement, family);
  return [
    `${loose} ${ip} ${dispatch.header} vmap @${dispatch.map}`,
    ...(prefix === undefined
      ? []
      : [
          `ct direction original ${dispatch.side} "${prefix}*" goto quarantine`,
          `ct direction reply ${other} "${prefix}*" goto quarantine`,
          `${loose} ${dispatch.side} "${prefix}*" goto quarantine`,
        ]),
    ...(ranges === undefined ? [] : [`${dispatch.end} ${ranges} goto quarantine`]),
  ];
}

function rangesOf(judgement: Judgement, family: Family): string | undefined {
  const ranges = judgement.localRanges.filter((range) => range.family === family);
  return ranges.length === 0 ? undefined : `{ ${ranges.map(formatCidr).join(", ")} }`;
}

/** Without these IPv6 has no link (RFC 4861, RFC 2710); they never leave it. */
function neighbourDiscovery(family: Family): string[] {
  return family === 4
    ? []
    : [
        "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, nd-router-advert, mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report } accept",
      ];
}
