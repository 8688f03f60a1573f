import { type Dataplane, NftDataplane, NftError, fakeNft } from "@podwall/dataplane";
import { clusterFrom, readManifests } from "@podwall/engine";
import { describe, expect, it, vi } from "vitest";
import { patience } from "../patience.ts";
import { AgentMetrics } from "../serve/metrics.ts";
import { RetryDelay } from "./retry-delay.ts";
import { HandClock, runningAgent } from "./testing.ts";

const manifests = `{ apiVersion: v1, kind: Node, metadata: { name: here }, spec: { podCIDRs: [10.0.0.0/24] } }
---
{ apiVersion: v1, kind: Namespace, metadata: { name: shop } }
---
{ apiVersion: v1, kind: Pod, metadata: { name: web, namespace: shop }, spec: { nodeName: here }, status: { podIP: 10.0.0.7 } }
`;
const cluster = clusterFrom(readManifests([{ name: "cluster.yaml", text: manifests }]).objects);

/** An agent whose kernel refuses all that comes after its quarantine, until `mend`. */
async function failingAgent() {
  const clock = new HandClock();
  const metrics = new AgentMetrics();
  const nft = fakeNft();
  let isBroken = false;
  const real = new NftDataplane({ nft, clearMarks: async () => undefined });
  const dataplane: Dataplane = {
    apply: (plan) => (isBroken ? Promise.reject(new NftError("other", "it is broken")) : real.apply(plan)),
    inspect: (depth) => real.inspect(depth),
    prepare: (plan) => real.prepare(plan),
    flows: () => real.flows(),
    remove: () => real.remove(),
  };
  const { agent, said, tell } = await runningAgent({ nft, dataplane, clock, metrics });
  isBroken = true;
  return {
    agent,
    clock,
    metrics,
    errors: () => said.filter((line) => line.startsWith("error")),
    event: () => tell(cluster),
    mend: () => {
      isBroken = false;
    },
  };
}

describe("an agent whose kernel refuses a change", () => {
  it("tries the same again more and more rarely, and something new at once", async () => {
    const { agent, clock, metrics, event, mend } = await failingAgent();
    event();
    await clock.pass(15);
    expect(metrics.failures).toBe(1);
    await clock.pass(200_000);
    const tries = metrics.failures;
    expect(tries).toBeGreaterThan(10);
    expect(tries).toBeLessThan(20);
    await clock.pass(10_000);
    const before = metrics.failures;
    expect(agent.pending).toBe(true);
    event();
    await clock.pass(15);
    expect(metrics.failures).toBe(before + 1);
    mend();
    event();
    await clock.pass(115);
    await vi.waitFor(() => expect([agent.failing, agent.pending]).toEqual([undefined, false]), patience);
    expect(metrics.failures).toBe(before + 1);
    expect(agent.applied?.report.mode).toBe("incremental");
  });

  it("rests between tries, however fast events come, and tells of it now and then", async () => {
    const { clock, metrics, errors, event } = await failingAgent();
    for (let passedMs = 0; passedMs < 10_000; passedMs += 10) {
      event();
      await clock.pass(10);
    }
    expect(metrics.failures).toBeGreaterThan(50);
    expect(metrics.failures).toBeLessThan(100);
    expect(errors()).toEqual(["error: the change is not in force"]);
  });
});

describe("the delay after a failure", () => {
  it("doubles up to half a minute, and rests as long as the try took, up to a second", () => {
    const delay = new RetryDelay();
    expect([delay.next(1), delay.next(1), delay.next(1)].map(({ retryMs }) => retryMs)).toEqual([100, 200, 400]);
    expect(delay.next(700).restMs).toBe(700);
    expect(delay.next(5_000)).toEqual({ restMs: 1_000, retryMs: 1_600 });
    for (let failures = 0; failures < 20; failures++) delay.next(1);
    expect(delay.next(1)).toEqual({ restMs: 100, retryMs: 30_000 });
    delay.reset();
    expect(delay.next(5_000)).toEqual({ restMs: 1_000, retryMs: 1_000 });
  });
});
