import {
  type Cidr,
  type Cluster,
  type ClusterNode,
  type Direction,
  type NetworkPolicy,
  type NodePlan,
  NodePlanner,
  type Pod,
  formatAddress,
  parseAddress,
  parseCidr,
  planAllows,
} from "@podwall/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fakeNft } from "./nft/fake-nft.ts";
import type { Nft, NftElement, NftRule } from "./nft/nft.ts";
import { NftDataplane } from "./nft-dataplane.ts";
import { everything } from "./ruleset/grants.ts";
import { defaultMarkBits } from "./ruleset/mark.ts";

const apps = ["a", "b", "c"] as const;

function pod(index: number, app: string): Pod {
  return {
    kind: "Pod",
    namespace: "shop",
    name: `pod-${index}`,
    labels: new Map([["app", app]]),
    node: index < 2 ? "here" : "there",
    hostNetwork: false,
    completed: false,
    addresses: [`10.0.0.${index}`, `fd00::${index}`].slice(0, 1 + (index % 2)).map((text) => parseAddress(text)!),
    ports: [],
  };
}

/** Lets pods of one application reach those of another on a port, as either side's policy. */
function allow(direction: Direction, subject: string, peer: string, port: number): NetworkPolicy {
  const selecting = (app: string) => ({ requirements: [{ key: "app", operator: "In" as const, values: [app] }] });
  const rules: NetworkPolicy["ingress"] = [
    {
      path: "rule",
      peers: [{ kind: "pods", path: "peer", podSelector: selecting(peer) }],
      ports: [{ path: "port", protocol: "TCP", port: { kind: "interval", first: port, last: port + (port % 2) } }],
    },
  ];
  return {
    kind: "NetworkPolicy",
    namespace: "shop",
    name: [direction, subject, peer, port].join("-"),
    podSelector: selecting(subject),
    directions: [direction],
    ingress: direction === "ingress" ? rules : [],
    egress: direction === "egress" ? rules : [],
  };
}

const here: ClusterNode = {
  kind: "Node",
  name: "here",
  labels: new Map(),
  addresses: [],
  podCidrs: ["10.0.0.0/31", "fd00::/127"].map((text) => parseCidr(text).cidr as Cidr),
};

const someApp = fc.constantFrom(...apps);
const podCount = 14;
const somePods = fc.array(fc.option(someApp), { minLength: podCount, maxLength: podCount });
const somePolicies = fc.array(
  fc.tuple(fc.constantFrom<Direction>("ingress", "egress"), someApp, someApp, fc.constantFrom(80, 81)),
  { minLength: 2, maxLength: 8 },
);

/** Most steps change a single pod. */
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ pod: fc.nat(podCount - 1), app: fc.option(someApp) }) },
  {
    weight: 5,
    arbitrary: fc.record({ pod: fc.integer({ min: 2, max: podCount - 1 }), app: fc.option(someApp, { freq: 1 }) }),
  },
  { weight: 1, arbitrary: fc.record({ pods: somePods }) },
  { weight: 2, arbitrary: fc.record({ policies: somePolicies }) },
);

/** What was prepared before a change is made: nothing, that change or another one, and whether there was time to clear up since. */
const preparation = fc.constantFrom(
  "nothing",
  "this",
  "this, and then it rests",
  "another",
  "another, and then it rests",
);

function isHere({ node }: Pod): boolean {
  return node === "here";
}

interface Asked {
  readonly from: Pod;
  readonly to: Pod;
  readonly port: number;
  readonly family: 4 | 6;
}

const pods = Array.from({ length: podCount }, (_, index) => pod(index, "a"));

/** Every connection between the pods' addresses that this node judges. */
const everyConnection: readonly Asked[] = pods
  .flatMap((from) => pods.map((to) => ({ from, to })))
  .filter(({ from, to }) => from !== to && (isHere(from) || isHere(to)))
  .flatMap((ends) => ([4, 6] as const).map((family) => ({ ...ends, family })))
  .filter(({ from, to, family }) => [from, to].every(({ addresses }) => addresses.some((one) => one.family === family)))
  .flatMap((ends) => [80, 81, 82].map((port) => ({ ...ends, port })));

const addressOf = ({ addresses }: Pod, family: 4 | 6) => addresses.find((one) => one.family === family)!;
/** What a plan says of each connection, as a letter each. A pod that is not on this node yet, or any more, is closed. */
function wanted(plan: NodePlan): string {
  const known = new Set([...plan.localPods.values()].map(({ key }) => key));
  const isClosed = (one: Pod): boolean => isHere(one) && !known.has(`shop/${one.name}`);
  return everyConnection
    .map(({ from, to, port, family }) => {
      if (isClosed(from) || isClosed(to)) return "-";
      return planAllows(plan, addressOf(from, family), addressOf(to, family), "TCP", port) ? "+" : "-";
    })
    .join("");
}

/** What a kernel holds at one moment: rules by chain, and elements by set. */
interface Table {
  readonly rules: ReadonlyMap<string, readonly NftRule[]>;
  readonly contents: ReadonlyMap<string, Elements>;
}

/** Those without ranges by their key's text. */
interface Elements {
  readonly single: ReadonlyMap<string, NftElement>;
  readonly ranges: readonly NftElement[];
}

async function tableOf(nft: Nft): Promise<Table> {
  const { sets = [] } = (await nft.objects()) ?? {};
  const contents = await Promise.all(
    sets.map(async (name) => {
      const elements = await nft.elements(name);
      const single = elements.filter(({ key }) => key.every((field) => typeof field !== "object"));
      const ranges = elements.filter(({ key }) => key.some((field) => typeof field === "object"));
      return [name, { single: new Map(single.map((one) => [one.key.join(), one])), ranges }] as const;
    }),
  );
  const rules = new Map<string, NftRule[]>();
  for (const rule of await nft.rules()) {
    const others = rules.get(rule.chain);
    if (others === undefined) rules.set(rule.chain, [rule]);
    else others.push(rule);
  }
  return { rules, contents: new Map(contents) };
}

type Read = (set: string, ...key: readonly unknown[]) => NftElement | undefined;

/** Reads a table's elements as they are. */
function reading({ contents }: Table): Read {
  return (set, ...key) => {
    const elements = contents.get(set);
    return (
      elements?.single.get(key.join()) ??
      elements?.ranges.find((element) => element.key.every((field, at) => isIn(key[at], field)))
    );
  };
}

/** The sets that a rule reads, in order. */
function setsRead({ text }: { readonly text: string }, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, set = ""]) => set);
}

/** What the rules and elements in a kernel say of a connection, read in the order in which a packet reads them. */
function passes({ rules }: Table, read: Read, { from, to, port, family }: Asked): boolean {
  const rulesIn = (name: string): readonly NftRule[] => rules.get(name) ?? [];
  const setsIn = (chain: string, pattern: RegExp): string[] =>
    rulesIn(chain).flatMap((rule) => setsRead(rule, pattern));
  const mapsRead = (rule: { readonly text: string }): string[] => setsRead(rule, / map @(\w+)/g);
  const isReady = (chain: "source" | "target", own: Pod): boolean => {
    const [ready = ""] = setsIn(`${chain}${family}`, / @(\w+) return/g);
    return !isHere(own) || read(ready, `pw${own.name}`, formatAddress(addressOf(own, family))) !== undefined;
  };
  const judge = (direction: "egress" | "ingress", own: Pod, peer: Pod): boolean => {
    const maps = rulesIn(`peer_${direction}${family}`).flatMap(({ text }) =>
      (text.startsWith("jump ") ? rulesIn(text.slice("jump ".length)) : [{ text }]).flatMap(mapsRead),
    );
    const identity = maps.reduce<unknown>(
      (before, map) => read(map, formatAddress(addressOf(peer, family)))?.value ?? before,
      undefined,
    );
    const [dispatch = ""] = setsIn(`${direction}${family}`, / vmap @(\w+)/g);
    const verdict = read(dispatch, formatAddress(addressOf(own, family)))?.value as Verdict | undefined;
    if (verdict === undefined) return !isHere(own);
    // A packet finds no rules in a chain that its generation does not have, and goes on.
    const judge = rulesIn(verdict.goto?.target ?? "")[0]?.text.replace("goto ", "");
    if (judge === undefined || judge === "mid_stream" || rulesIn(judge).length === 0) return true;
    const spanned = read(`${judge}_spans`, identity, 6)?.value ?? identity;
    const grant = read(`${judge}_grants`, spanned)?.value ?? spanned;
    const inSets = [
      read(`${judge}_proto`, grant, 6),
      read(`${judge}_exact`, grant, 6, port),
      read(`${judge}_range`, grant, 6, port),
    ];
    return grant === everything || inSets.some((element) => element !== undefined);
  };
  return isReady("source", from) && isReady("target", to) && judge("egress", from, to) && judge("ingress", to, from);
}

/** The same of each connection. */
function found(table: Table): string {
  const read = reading(table);
  return everyConnection.map((asked) => (passes(table, read, asked) ? "+" : "-")).join("");
}

/**
 * A packet that runs by the rules before a transaction while that commits: whatever it read before, and read after, it is judged
 * as one of the two states says.
 */
function expectSingleState(before: Table, after: Table, states: readonly string[]): void {
  const [then, now] = [reading(before), reading(after)];
  for (const [index, asked] of everyConnection.entries()) {
    if (asked.port !== 80) continue;
    const allowed = new Set(states.map((state) => state[index] === "+"));
    // Else either answer is one of a state.
    if (allowed.size > 1) continue;
    for (let cut = 0, reads = 1; cut < reads; cut++) {
      reads = 0;
      const read: Read = (...key) => (reads++ < cut ? then : now)(...key);
      expect(allowed).toContain(passes(before, read, asked));
    }
  }
}

type Verdict = { readonly goto?: { readonly target: string } };

/** Whether a value is a field of a key, or in its range or prefix. */
function isIn(value: unknown, field: unknown): boolean {
  if (typeof field !== "object") return value === field;
  // Atoms: policies name no blocks here, so that there is one for a family.
  if (typeof value !== "number") return typeof value === "string";
  const { range: [first, last] = [NaN, NaN] } = field as { readonly range?: readonly [number, number] };
  return value >= first && value <= last;
}

describe("the nftables dataplane", () => {
  it("is in the state before a change or in the one after it, whatever the way there and however fast", async () => {
    const counts = { spans: 0, steps: 0, inPlace: 0, own: 0, raised: 0, lost: 0 };
    await fc.assert(
      fc.asyncProperty(
        somePods,
        somePolicies,
        fc.array(fc.tuple(step, fc.boolean(), preparation), { minLength: 6, maxLength: 14 }),
        fc.boolean(),
        fc.constantFrom(1, 64),
        fc.constantFrom(defaultMarkBits, { shift: 0, bits: 3 }),
        async (firstPods, firstPolicies, steps, hasRanges, sparing, mark) => {
          const nft = fakeNft();
          let allowed: readonly string[] = [];
          let before = await tableOf(nft);
          const watched: Nft = {
            objects: () => nft.objects(),
            elements: (name) => nft.elements(name),
            hasMap: (name: string) => nft.hasMap(name),
            rules: () => nft.rules(),
            run: async (commands) => {
              await nft.run(commands);
              const after = await tableOf(nft);
              // After each transaction the node is in the state before or in the state after, as a whole.
              if (allowed.length > 0) {
                expect(allowed).toContain(found(after));
                expectSingleState(before, after, allowed);
              }
              before = after;
            },
          };
          const kernel = new NftDataplane({ nft: watched, clearMarks: async () => undefined, sparing, mark });
          const planner = new NodePlanner("here");
          let [pods, policies] = [firstPods, firstPolicies];
          const planOf = (apps: typeof pods): NodePlan => {
            const cluster: Cluster = {
              namespaces: new Map([["shop", { kind: "Namespace", name: "shop", labels: new Map(), declared: true }]]),
              pods: apps.flatMap((app, index) => (app === null ? [] : [pod(index, app)])),
              nodes: hasRanges ? new Map([["here", here]]) : new Map(),
              services: [],
              policies: [...new Map(policies.map((one) => [one.join(), one])).values()].map((one) => allow(...one)),
              clusterPolicies: [],
            };
            return planner.plan(cluster, { interfaceOf: ({ name }) => `pw${name}`, podInterfacePrefix: "pw" });
          };
          const apply = async (prepared = "nothing") => {
            // As an agent does that hears of more after it prepared for what it knew.
            if (prepared.startsWith("another")) kernel.prepare(planOf(pods.with(0, pods[0] === "a" ? null : "a")));
            const plan = planOf(pods);
            if (prepared.startsWith("this")) kernel.prepare(plan);
            if (prepared.endsWith("rests")) await kernel.settled();
            const [last, after] = [allowed.at(-1), wanted(plan)];
            // Nothing stands in a new kernel.
            if (last !== undefined) allowed = [last, after];
            const report = await kernel.apply(plan);
            expect(found(before)).toBe(after);
            allowed = [after];
            const hasLost = last !== undefined && [...last].some((one, index) => one === "+" && after[index] === "-");
            return { report, hasLost };
          };
          let { epoch } = (await apply()).report;
          for (const [change, rests, prepared] of steps) {
            if ("pods" in change) pods = change.pods;
            else if ("policies" in change) policies = change.policies;
            else pods = pods.with(change.pod, change.app);
            const { report, hasLost } = await apply(prepared);
            // Else a connection that was approved would live on.
            if (hasLost) expect(report.epoch).not.toBe(epoch);
            if (hasLost) counts.lost++;
            // Building all anew would hide that a change went wrong.
            expect(report.mode).not.toBe("full");
            counts.steps++;
            if ([...before.contents.keys()].some((name) => name.endsWith("_spans"))) counts.spans++;
            const isInPlace =
              report.mode === "incremental" &&
              ![...before.rules.values()].flat().some(({ text }) => text.includes(`_${report.generation} `));
            if (isInPlace) counts.inPlace++;
            if (isInPlace && "pod" in change && change.pod < 2) counts.own++;
            if (report.epoch !== epoch) counts.raised++;
            ({ epoch } = report);
            if (!rests) continue;
            await kernel.settled();
            expect(await kernel.inspect("elements")).toEqual({ kind: "intact" });
          }
          await kernel.settled();
          expect(await kernel.inspect("elements")).toEqual({ kind: "intact" });
        },
      ),
      { numRuns: 60 },
    );
    expect(Math.min(counts.steps, counts.raised, counts.lost)).toBeGreaterThan(20);
    expect(Math.min(counts.spans, counts.inPlace, counts.own)).toBeGreaterThan(3);
  });
});
