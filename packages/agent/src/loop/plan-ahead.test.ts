import { type Dataplane, NftDataplane, fakeNft } from "@podwall/dataplane";
import { type Cluster, type NodePlan, clusterFrom, formatAddress, readManifests } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { HandClock, runningAgent } from "./testing.ts";

/** One pod on the node, at this address. */
function clusterWith(address: string): Cluster {
  const manifests = `{ apiVersion: v1, kind: Node, metadata: { name: here }, spec: { podCIDRs: [10.0.0.0/24] } }
---
{ apiVersion: v1, kind: Namespace, metadata: { name: shop } }
---
{ apiVersion: v1, kind: Pod, metadata: { name: web, namespace: shop }, spec: { nodeName: here }, status: { podIP: ${address} } }
`;
  return clusterFrom(readManifests([{ name: "cluster.yaml", text: manifests }]).objects);
}

/** An agent, its clock, and the plans that its dataplane was given in order, as `prepare` or `apply` and the pods' addresses. */
async function watchedAgent(failing: readonly string[] = []) {
  const clock = new HandClock();
  const nft = fakeNft();
  const given: { readonly what: string; readonly plan: NodePlan }[] = [];
  const real = new NftDataplane({ nft, clearMarks: async () => undefined });
  let meanwhile = (): void => undefined;
  const dataplane: Dataplane = {
    prepare: (plan) => {
      given.push({ what: "prepare", plan });
      if (failing.includes("prepare")) throw new Error("it cannot");
      real.prepare(plan);
    },
    apply: (plan) => {
      given.push({ what: "apply", plan });
      meanwhile();
      return real.apply(plan);
    },
    inspect: (depth) => real.inspect(depth),
    flows: () => real.flows(),
    remove: () => real.remove(),
  };
  const { agent, said, tell } = await runningAgent({ nft, dataplane, clock });
  given.length = 0;
  const calls = (): string[] =>
    given.map(({ what, plan }) =>
      [what, ...[...plan.localPods.values()].flatMap((pod) => pod.addresses.map(formatAddress))].join(" "),
    );
  const hear = (address: string): void => tell(clusterWith(address));
  /** Has it hear of something while it makes the next change. */
  const hearMeanwhile = (address: string): void => {
    meanwhile = () => {
      meanwhile = () => undefined;
      hear(address);
    };
  };
  return { agent, clock, said, given, calls, hear, hearMeanwhile };
}

describe("an agent that waits for more events", () => {
  it("plans what it knows meanwhile, and puts that in force", async () => {
    const { clock, given, calls, hear } = await watchedAgent();
    hear("10.0.0.7");
    await clock.pass(14);
    expect(calls()).toEqual(["prepare 10.0.0.7"]);
    await clock.pass(1);
    expect(calls()).toEqual(["prepare 10.0.0.7", "apply 10.0.0.7"]);
    expect(given[1]?.plan).toBe(given[0]?.plan);
  });

  it("plans again where more comes, and then once", async () => {
    const { clock, calls, hear } = await watchedAgent();
    hear("10.0.0.7");
    await clock.pass(5);
    hear("10.0.0.8");
    await clock.pass(5);
    hear("10.0.0.9");
    await clock.pass(4);
    expect(calls()).toEqual(["prepare 10.0.0.7"]);
    await clock.pass(1);
    expect(calls()).toEqual(["prepare 10.0.0.7", "apply 10.0.0.9"]);
    hear("10.0.0.7");
    await clock.pass(15);
    expect(calls().slice(2)).toEqual(["prepare 10.0.0.7", "apply 10.0.0.7"]);
  });

  it("plans once what came while it was busy, as more is likely to come", async () => {
    const { clock, calls, hear, hearMeanwhile } = await watchedAgent();
    hearMeanwhile("10.0.0.8");
    hear("10.0.0.7");
    await clock.pass(15);
    await clock.pass(15);
    expect(calls()).toEqual(["prepare 10.0.0.7", "apply 10.0.0.7", "apply 10.0.0.8"]);
  });

  it("tells of what fails only when it is to be in force", async () => {
    const { agent, clock, said, calls, hear } = await watchedAgent(["prepare"]);
    hear("10.0.0.7");
    await clock.pass(15);
    expect(calls()).toEqual(["prepare 10.0.0.7", "apply 10.0.0.7"]);
    expect(agent.failing).toBeUndefined();
    expect(said.filter((line) => line.startsWith("error"))).toEqual([]);
  });
});
