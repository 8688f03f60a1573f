import { type Cluster, type NetworkPolicy, NodePlanner, type Pod, parseAddress } from "@podwall/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fakeNft } from "./nft/fake-nft.ts";
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
const somePods = fc.array(fc.option(someApp), { minLength: 7, maxLength: 7 });
const somePolicies = fc.array(fc.tuple(someApp, someApp, fc.constantFrom(80, 81)), { maxLength: 4 });

/** Most steps change a single pod. */
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ pod: fc.nat(6), app: fc.option(someApp) }) },
  { weight: 1, arbitrary: fc.record({ pods: somePods }) },
  { weight: 2, arbitrary: fc.record({ policies: somePolicies }) },
);

describe("the nftables dataplane", () => {
  it("leaves in the kernel what the newest plan says, whatever the way there and however fast", async () => {
    const counts = { steps: 0, inPlace: 0, raised: 0 };
    await fc.assert(
      fc.asyncProperty(
        somePods,
        somePolicies,
        fc.array(fc.tuple(step, fc.boolean()), { minLength: 1, maxLength: 12 }),
        async (firstPods, firstPolicies, steps) => {
          const kernel = new NftDataplane({ nft: fakeNft(), clearMarks: async () => undefined });
          const planner = new NodePlanner("here");
          let [pods, policies] = [firstPods, firstPolicies];
          const apply = () => {
            const cluster: Cluster = {
              namespaces: new Map([["shop", { kind: "Namespace", name: "shop", labels: new Map(), declared: true }]]),
              pods: pods.flatMap((app, index) => (app === null ? [] : [pod(index, app)])),
              nodes: new Map(),
              services: [],
              policies: [...new Map(policies.map((one) => [one.join(), one])).values()].map((one) => allow(...one)),
              clusterPolicies: [],
            };
            return kernel.apply(
              planner.plan(cluster, { interfaceOf: ({ name }) => `pw${name}`, podInterfacePrefix: "pw" }),
            );
          };
          let { epoch } = await apply();
          for (const [change, rests] of steps) {
            if ("pods" in change) pods = change.pods;
            else if ("policies" in change) policies = change.policies;
            else pods = pods.with(change.pod, change.app);
            const report = await apply();
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
      { numRuns: 60 },
    );
    expect(Math.min(counts.steps, counts.inPlace, counts.raised)).toBeGreaterThan(10);
  });
});
