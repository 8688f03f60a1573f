import {
  type Cluster,
  type NetworkPolicy,
  type NodePlan,
  NodePlanner,
  type Pod,
  formatAddress,
  parseAddress,
  planAllows,
} from "@podwall/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fakeNft } from "./nft/fake-nft.ts";
import type { Nft, NftElement } from "./nft/nft.ts";
import { NftDataplane } from "./nft-dataplane.ts";

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

/** Lets pods of one application reach those of another on a port. */
function allow(from: string, to: string, port: number): NetworkPolicy {
  const selecting = (app: string) => ({ requirements: [{ key: "app", operator: "In" as const, values: [app] }] });
  return {
    kind: "NetworkPolicy",
    namespace: "shop",
    name: `${from}-${to}-${port}`,
    podSelector: selecting(to),
    directions: ["ingress"],
    ingress: [
      {
        path: "rule",
        peers: [{ kind: "pods", path: "peer", podSelector: selecting(from) }],
        ports: [{ path: "port", protocol: "TCP", port: { kind: "interval", first: port, last: port + (port % 2) } }],
      },
    ],
    egress: [],
  };
}

const someApp = fc.constantFrom(...apps);
const podCount = 14;
const somePods = fc.array(fc.option(someApp), { minLength: podCount, maxLength: podCount });
const somePolicies = fc.array(fc.tuple(someApp, someApp, fc.constantFrom(80, 81)), { minLength: 2, maxLength: 6 });

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

/** What the rules and elements in a kernel say of each connection, read as a packet reads them. */
async function found(nft: Nft): Promise<string> {
  const { sets = [] } = (await nft.objects()) ?? {};
  const contents = new Map(await Promise.all(sets.map(async (name) => [name, await nft.elements(name)] as const)));
  const rules = await nft.rules();
  const mapsOf = (chain: string): string[] =>
    rules
      .filter((rule) => rule.chain === chain)
      .flatMap(({ text }) => [...text.matchAll(/ map @(\w+)/g)].map(([, map = ""]) => map));
  const lookUp = (set: string, ...key: readonly unknown[]): NftElement | undefined =>
    contents.get(set)?.find((element) => element.key.every((field, index) => isIn(key[index], field)));
  const judge = (direction: "egress" | "ingress", own: Pod, peer: Pod, { port, family }: Asked): boolean => {
    const [dispatch = ""] = rules
      .filter((rule) => rule.chain === `${direction}${family}`)
      .flatMap(({ text }) => [...text.matchAll(/ vmap @(\w+)/g)].map(([, map = ""]) => map));
    const verdict = lookUp(dispatch, formatAddress(addressOf(own, family)))?.value as Verdict | undefined;
    if (verdict === undefined) return !isHere(own);
    const chain = verdict.goto?.target;
    if (chain === undefined || chain === "unjudged") return true;
    const identity = mapsOf(`peer_${direction}${family}`).reduce<unknown>(
      (before, map) => lookUp(map, formatAddress(addressOf(peer, family)))?.value ?? before,
      undefined,
    );
    return [
      lookUp(`${chain}_any`, identity),
      lookUp(`${chain}_proto`, identity, 6),
      lookUp(`${chain}_exact`, identity, 6, port),
      lookUp(`${chain}_range`, identity, 6, port),
    ].some((element) => element !== undefined);
  };
  return everyConnection
    .map((asked) => {
      const { from, to } = asked;
      return judge("egress", from, to, asked) && judge("ingress", to, from, asked) ? "+" : "-";
    })
    .join("");
}

type Verdict = { readonly goto?: { readonly target: string } };

/** Whether a value is a field of a key, or in its range. */
function isIn(value: unknown, field: unknown): boolean {
  const { range } = field as { readonly range?: readonly [number | string, number | string] };
  if (range === undefined) return value === field;
  if (typeof value === "number") return value >= Number(range[0]) && value <= Number(range[1]);
  // Atoms: policies name no blocks here, so that there is one for a family.
  return true;
}

describe("the nftables dataplane", () => {
  it("is in the state before a change or in the one after it, whatever the way there and however fast", async () => {
    const counts = { steps: 0, inPlace: 0, raised: 0, lost: 0 };
    await fc.assert(
      fc.asyncProperty(
        somePods,
        somePolicies,
        fc.array(fc.tuple(step, fc.boolean()), { minLength: 6, maxLength: 14 }),
        async (firstPods, firstPolicies, steps) => {
          const nft = fakeNft();
          let allowed: readonly string[] = [];
          const watched: Nft = {
            objects: () => nft.objects(),
            elements: (name) => nft.elements(name),
            hasMap: (name: string) => nft.hasMap(name),
            rules: () => nft.rules(),
            run: async (commands) => {
              await nft.run(commands);
              // After each transaction the node is in the state before or in the state after, as a whole.
              if (allowed.length > 0) expect(allowed).toContain(await found(nft));
            },
          };
          const kernel = new NftDataplane({ nft: watched, clearMarks: async () => undefined });
          const planner = new NodePlanner("here");
          let [pods, policies] = [firstPods, firstPolicies];
          const apply = async () => {
            const cluster: Cluster = {
              namespaces: new Map([["shop", { kind: "Namespace", name: "shop", labels: new Map(), declared: true }]]),
              pods: pods.flatMap((app, index) => (app === null ? [] : [pod(index, app)])),
              nodes: new Map(),
              services: [],
              policies: [...new Map(policies.map((one) => [one.join(), one])).values()].map((one) => allow(...one)),
              clusterPolicies: [],
            };
            const plan = planner.plan(cluster, { interfaceOf: ({ name }) => `pw${name}`, podInterfacePrefix: "pw" });
            const [before, after] = [allowed.at(-1), wanted(plan)];
            // Nothing stands in a new kernel.
            if (before !== undefined) allowed = [before, after];
            const report = await kernel.apply(plan);
            expect(await found(nft)).toBe(after);
            allowed = [after];
            const hasLost =
              before !== undefined && [...before].some((one, index) => one === "+" && after[index] === "-");
            return { report, hasLost };
          };
          let { epoch } = (await apply()).report;
          for (const [change, rests] of steps) {
            if ("pods" in change) pods = change.pods;
            else if ("policies" in change) policies = change.policies;
            else pods = pods.with(change.pod, change.app);
            const { report, hasLost } = await apply();
            // Else a connection that was approved would live on.
            if (hasLost) expect(report.epoch).toBeGreaterThan(epoch);
            if (hasLost) counts.lost++;
            counts.steps++;
            if (report.mode === "incremental" && report.commands < 8) counts.inPlace++;
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
      { numRuns: 40 },
    );
    expect(Math.min(counts.steps, counts.raised, counts.lost)).toBeGreaterThan(20);
    expect(counts.inPlace).toBeGreaterThan(3);
  });
});
