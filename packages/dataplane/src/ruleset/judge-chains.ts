import type { Direction, Family } from "@podwall/engine";
import { type FamilyWords, families, familyWords } from "./address-family.ts";
import { replaceRules } from "./commands.ts";
import type { FamilySets, Judgement } from "./judgement.ts";
import { linkRules, neighbourDiscovery, rangesOf, readyRules } from "./link-rules.ts";
import { hex, markMask, markValue } from "./mark.ts";
import { approve, denied, midStream } from "./chain-rules.ts";

/** What epochs alone are about, apart from the rest: most switches raise the epoch and change little else. */
const knownChain = "known";
const stampChain = "stamp";

const directions: readonly Direction[] = ["egress", "ingress"];

/** Chains whose rules a switch replaces where they are others. A packet runs through the rules of one generation only. */
export const judgeChains: readonly string[] = [
  knownChain,
  stampChain,
  "cut",
  "quarantine",
  midStream,
  approve,
  denied("egress"),
  denied("ingress"),
  ...families.flatMap((family) => [
    `source${family}`,
    `target${family}`,
    `peer_egress${family}`,
    `peer_ingress${family}`,
    podsChain("egress", family),
    podsChain("ingress", family),
    `egress${family}`,
    `ingress${family}`,
    `commit${family}`,
    ...directions.map((direction) => `${denied(direction)}${family}`),
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

/**
 * Commands that put a judgement in force; they are one transaction. Chains whose rules are those of the judgement before are
 * left alone: a packet runs through the rules of one generation, whichever chains a transaction changes.
 */
export function switchTo(judgement: Judgement, before?: Judgement): string[] {
  const known = new Map(before === undefined ? [] : chainsOf(before));
  return chainsOf(judgement)
    .filter(([chain, rules]) => !isSame(known.get(chain), rules))
    .flatMap(([chain, rules]) => replaceRules(chain, rules));
}

function isSame(before: readonly string[] | undefined, rules: readonly string[]): boolean {
  if (before === rules) return true;
  return before?.length === rules.length && rules.every((rule, index) => rule === before[index]);
}

type Chains = readonly (readonly [chain: string, rules: readonly string[]])[];

function chainsOf(judgement: Judgement): Chains {
  return [
    [knownChain, knownRules(judgement)],
    [stampChain, stampRules(judgement)],
    ["cut", ["meta l4proto tcp reject with tcp reset", "drop"]],
    ["quarantine", ["counter drop"]],
    [midStream, ["meta l4proto tcp ct state new tcp flags & (fin | syn | rst | ack) != syn goto cut"]],
    [approve, ["meta nfproto ipv4 goto commit4", "goto commit6"]],
    ...directions.map((direction) => {
      const of = (family: Family): string => `goto ${denied(direction)}${family}`;
      return [denied(direction), [`meta nfproto ipv4 ${of(4)}`, of(6)]] as const;
    }),
    ...families.flatMap((family) => familyChains(judgement, familyWords[family])),
    ["forward", ["meta nfproto ipv4 goto judge4", "meta nfproto ipv6 goto judge6"]],
    ["input", ["meta nfproto ipv4 goto input4", "meta nfproto ipv6 goto input6"]],
  ];
}

/** Of sets that some state has: the states before and after a change mostly have the same. */
const made = new WeakMap<FamilySets, { readonly constants: string; readonly chains: Chains }>();

function familyChains(judgement: Judgement, words: FamilyWords): Chains {
  const sets = judgement.sets[words.family];
  const constants = [
    words.family,
    judgement.denyWith,
    judgement.podInterfacePrefix ?? "",
    rangesOf(judgement, words.family) ?? "",
  ].join("\n");
  const known = made.get(sets);
  if (known?.constants === constants) return known.chains;
  const chains = makeFamilyChains(judgement, words);
  made.set(sets, { constants, chains });
  return chains;
}

function makeFamilyChains(judgement: Judgement, words: FamilyWords): Chains {
  const { family, ip } = words;
  const sets = judgement.sets[family];
  const source = `ct original ${ip} saddr`;
  const destination = `ct reply ${ip} saddr`;
  return [
    [`source${family}`, readyRules(judgement, words, "source")],
    [`target${family}`, readyRules(judgement, words, "target")],
    [`peer_egress${family}`, identityRules(destination, sets, podsChain("egress", family))],
    [`peer_ingress${family}`, identityRules(source, sets, podsChain("ingress", family))],
    [podsChain("egress", family), [identityFrom(sets.pods, destination)]],
    [podsChain("ingress", family), [identityFrom(sets.pods, source)]],
    [
      `egress${family}`,
      [
        `jump peer_egress${family}`,
        `${source} vmap @${sets.dispatch.egress}`,
        ...closingRules(judgement, family, {
          end: source,
          side: "iifname",
          header: "saddr",
          map: sets.dispatch.egress,
        }),
      ],
    ],
    [
      `ingress${family}`,
      [
        `jump peer_ingress${family}`,
        `${destination} vmap @${sets.dispatch.ingress}`,
        ...closingRules(judgement, family, {
          end: destination,
          side: "oifname",
          header: "daddr",
          map: sets.dispatch.ingress,
        }),
      ],
    ],
    [`commit${family}`, [`jump ${stampChain}`, words.restorePriority]],
    ...directions.map(
      (direction) => [`${denied(direction)}${family}`, deniedRules(judgement, words, direction)] as const,
    ),
    [`judge${family}`, judgeRules(judgement, words)],
    [`input${family}`, inputRules(judgement, words)],
  ];
}

function judgeRules(judgement: Judgement, words: FamilyWords): string[] {
  const { family, ip } = words;
  return [
    ...neighbourDiscovery(family),
    ...linkRules(judgement, words, "source"),
    ...linkRules(judgement, words, "target"),
    `jump ${knownChain}`,
    `ct state related ${words.icmpErrors} accept`,
    `ct original ${ip} saddr . ct reply ${ip} saddr vmap @${judgement.sets[family].dispatch.itself}`,
    `jump egress${family}`,
    `jump ingress${family}`,
    `goto commit${family}`,
  ];
}

/**
 * NetworkPolicy does not judge what pods send to their node, but the tiers may. What a pod sends in reply to its node is
 * no connection of the pod's, and passes.
 */
function inputRules(judgement: Judgement, words: FamilyWords): string[] {
  const { family, ip } = words;
  const { ownNode } = judgement.sets[family].dispatch;
  return [
    // A node speaks with itself by "lo", and may have an address in its own pods' range (a bridge's, a tunnel's).
    'iifname "lo" accept',
    ...neighbourDiscovery(family),
    ...linkRules(judgement, words, "source"),
    ...(ownNode === undefined
      ? []
      : [
          `jump ${knownChain}`,
          `ct state related ${words.icmpErrors} accept`,
          `ct original ${ip} saddr vmap @${ownNode}`,
          ...closingOwnNodeRules(judgement, words, ownNode),
        ]),
  ];
}

/** What follows a miss where every local pod has an entry: what a pod began is closed. */
function closingOwnNodeRules(judgement: Judgement, { family, ip }: FamilyWords, map: string): string[] {
  const { podInterfacePrefix: prefix } = judgement;
  const ranges = rangesOf(judgement, family);
  return [
    `${loose} ${ip} saddr vmap @${map}`,
    ...["ct direction original", loose].flatMap((began) => [
      ...(prefix === undefined ? [] : [`${began} iifname "${prefix}*" goto quarantine`]),
      ...(ranges === undefined ? [] : [`${began} ${ip} saddr ${ranges} goto quarantine`]),
    ]),
  ];
}

/** Packets without a connection. */
const loose = "ct state invalid,untracked";

/** A live connection that this policy generation approved needs no other look. */
function knownRules({ mark, epoch }: Judgement): string[] {
  return epoch === undefined ? [] : [`ct mark & ${hex(markMask(mark))} == ${hex(markValue(mark, epoch))} accept`];
}

/** Has a connection approved by this policy generation. */
function stampRules({ mark, epoch }: Judgement): string[] {
  const others = hex((2 ** 32 - 1 - markMask(mark)) >>> 0);
  return epoch === undefined ? [] : [`ct mark set ct mark & ${others} | ${hex(markValue(mark, epoch))}`];
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

function identityRules(end: string, sets: FamilySets, pods: string): string[] {
  const from = (map: string): string => identityFrom(map, end);
  return [`meta priority set ${noIdentity}`, from(sets.atoms), `jump ${pods}`, ...sets.deltas.map(from)];
}

function identityFrom(map: string, end: string): string {
  return `meta priority set ${end} map @${map}`;
}

/**
 * What reads the map of pods, in a chain of its own: to take in a rule that reads a map the kernel goes through all of it (Linux
 * `nf_tables_bind_set`), and most switches change what is read after it alone.
 */
function podsChain(direction: Direction, family: Family): string {
  return `pods_${direction}${family}`;
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
