import type { Address, Atom, Cidr, ConnectionSet, LocalPod, NodePlan, RuleSet } from "@podwall/engine";
import {
  allConnections,
  firstAddress,
  formatAddress,
  lastAddress,
  isSubset,
  noConnections,
  parseAddress,
  parseCidr,
  portsOf,
  union,
} from "@podwall/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shrinks } from "./shrinks.ts";

const address = (text: string): Address => parseAddress(text) as Address;
const web = portsOf("TCP", [{ first: 80, last: 80 }]);
const more = portsOf("TCP", [{ first: 80, last: 81 }]);

/** A plan with one local pod, one remote address with an identity, and rule sets by key. */
function plan(options: {
  readonly egress?: string;
  readonly remote?: string;
  readonly rules?: Readonly<Record<string, Readonly<Record<string, ConnectionSet>>>>;
  /** What those allow all; nothing unless said otherwise. */
  readonly common?: Readonly<Record<string, ConnectionSet>>;
  readonly interfaceName?: string;
  /** Local pods beside that one. */
  readonly others?: readonly LocalPod[];
  readonly localRanges?: readonly string[];
}): NodePlan {
  const everywhere = (family: 4 | 6): Atom[] => [
    { first: firstAddress(family), last: lastAddress(family), identity: "world" },
  ];
  const remote = address("10.0.0.9");
  const ruleSets = Object.entries(options.rules ?? {}).map(([key, byIdentity]): [string, RuleSet] => [
    key,
    {
      key,
      traffic: "egress",
      common: options.common?.[key] ?? noConnections,
      byIdentity: new Map(Object.entries(byIdentity)),
    },
  ]);
  return {
    node: "here",
    identities: new Set(["world", ...(options.remote === undefined ? [] : [options.remote])]),
    atoms: { 4: everywhere(4), 6: everywhere(6) },
    podIdentities:
      options.remote === undefined
        ? new Map()
        : new Map([[formatAddress(remote), { address: remote, identity: options.remote }]]),
    ruleSets: new Map(ruleSets),
    localPods: new Map([
      [
        "shop/web",
        {
          key: "shop/web",
          addresses: [address("10.0.0.1")],
          interfaceName: options.interfaceName ?? "pw1",
          ...(options.egress === undefined ? {} : { egress: options.egress }),
        },
      ],
      ...(options.others ?? []).map((pod) => [pod.key, pod] as const),
    ]),
    refused: new Map(),
    localRanges: (options.localRanges ?? []).map((text) => parseCidr(text).cidr as Cidr),
  };
}

/** With what all are allowed beside. */
function withCommon(byIdentity: Readonly<Record<string, ConnectionSet>>, common: ConnectionSet) {
  return Object.fromEntries(Object.entries(byIdentity).map(([key, set]) => [key, union(set, common)]));
}

describe("whether a change may take something away from live connections", () => {
  const rules = { narrow: { cart: web }, wide: { cart: more, world: web } };

  it("does not when nothing changes", () => {
    const same = plan({ egress: "narrow", remote: "cart", rules });
    expect(shrinks(same, same)).toBe(false);
  });

  it("does when a pod becomes isolated, and not when it is no longer", () => {
    const open = plan({ remote: "cart", rules });
    const isolated = plan({ egress: "narrow", remote: "cart", rules });
    expect(shrinks(open, isolated)).toBe(true);
    expect(shrinks(isolated, open)).toBe(false);
  });

  it("does when rules allow an identity less, and not when they allow it more", () => {
    const narrow = plan({ egress: "narrow", remote: "cart", rules });
    const wide = plan({ egress: "wide", remote: "cart", rules });
    expect(shrinks(narrow, wide)).toBe(false);
    expect(shrinks(wide, narrow)).toBe(true);
  });

  it("does when an address moves to an identity that is allowed less, and not the other way", () => {
    const both = { rules: { judge: { cart: web, backend: more } }, egress: "judge" };
    expect(shrinks(plan({ ...both, remote: "backend" }), plan({ ...both, remote: "cart" }))).toBe(true);
    expect(shrinks(plan({ ...both, remote: "cart" }), plan({ ...both, remote: "backend" }))).toBe(false);
  });

  it("does when a pod with an allowed identity vanishes", () => {
    const with_ = plan({ egress: "narrow", remote: "cart", rules });
    expect(shrinks(with_, plan({ egress: "narrow", rules }))).toBe(true);
    expect(shrinks(plan({ egress: "narrow", rules }), with_)).toBe(false);
  });

  it("does when rules and identity change at once, though each alone would take nothing away", () => {
    const before = plan({ egress: "before", remote: "red", rules: { before: { red: web } } });
    const after = plan({ egress: "after", remote: "blue", rules: { after: { red: allConnections } } });
    expect(shrinks(before, after)).toBe(true);
  });

  it("does exactly when the rules take something away from some address", () => {
    const allowances = fc.constantFrom(noConnections, web, more, allConnections);
    const some = fc.record({ world: allowances, cart: allowances, backend: allowances }, { requiredKeys: [] });
    const commons = fc.constantFrom(noConnections, web, more);
    const plans = fc.record({
      egress: fc.constantFrom("one", "other"),
      remote: fc.constantFrom(undefined, "cart", "backend"),
    });
    const counts = { yes: 0, no: 0 };
    fc.assert(
      fc.property(plans, plans, fc.tuple(some, commons), fc.tuple(some, commons), (first, second, one, other) => {
        const common = { one: one[1], other: other[1] };
        const both = { one: withCommon(...one), other: withCommon(...other) };
        const [before, after] = [first, second].map(({ egress, remote }) =>
          plan({ egress, rules: both, common, ...(remote === undefined ? {} : { remote }) }),
        ) as [NodePlan, NodePlan];
        const allowedTo = ({ egress, remote }: typeof first, at: "remote" | "elsewhere"): ConnectionSet =>
          both[egress][at === "remote" ? (remote ?? "world") : "world"] ?? common[egress];
        const isLost = (["remote", "elsewhere"] as const).some(
          (at) => !isSubset(allowedTo(first, at), allowedTo(second, at)),
        );
        expect(shrinks(before, after)).toBe(isLost);
        counts[isLost ? "yes" : "no"]++;
      }),
      { numRuns: 1000 },
    );
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(200);
  });

  it("does when a local pod's address is on another link, so it is another pod", () => {
    const old = plan({ egress: "narrow", remote: "cart", rules });
    expect(shrinks(old, plan({ egress: "narrow", remote: "cart", rules, interfaceName: "pw2" }))).toBe(true);
  });

  it("does when another local pod takes over an address while its old owner is still there", () => {
    const old = plan({ remote: "cart", rules });
    const heir = { key: "shop/heir", addresses: [address("10.0.0.1")], interfaceName: "pw2", egress: "narrow" };
    expect(shrinks(old, plan({ remote: "cart", rules, others: [heir] }))).toBe(true);
  });

  it("does when a new isolated pod has an address that was not quarantined before", () => {
    const arrived = { key: "shop/new", addresses: [address("10.0.0.5")], interfaceName: "pw5" };
    const isolated = { ...arrived, egress: "narrow" };
    const ranges = { rules, localRanges: ["10.0.0.0/24"] };
    expect(shrinks(plan({ rules }), plan({ rules, others: [isolated] }))).toBe(true);
    expect(shrinks(plan({ rules }), plan({ rules, others: [arrived] }))).toBe(false);
    expect(shrinks(plan(ranges), plan({ ...ranges, others: [isolated] }))).toBe(false);
  });

  it("says yes when something else judges what a pod sends to its node or to itself, and that allows less", () => {
    const rules = { wide: { world: more }, narrow: { world: web } };
    const judged = (pod: Partial<LocalPod>): NodePlan => {
      const made = plan({ rules });
      const [key, local] = [...made.localPods][0]!;
      return { ...made, localPods: new Map([[key, { ...local, ...pod }]]) };
    };
    for (const by of [(ownNode: string) => ({ ownNode }), (key: string) => ({ itself: { 4: key } })]) {
      expect(shrinks(judged(by("wide")), judged(by("narrow")))).toBe(true);
      expect(shrinks(judged(by("narrow")), judged(by("wide")))).toBe(false);
      expect(shrinks(judged({}), judged(by("wide")))).toBe(true);
      expect(shrinks(judged(by("narrow")), judged({}))).toBe(false);
    }
  });
});
