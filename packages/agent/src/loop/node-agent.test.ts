import { type Dataplane, type Inspection, type Nft, NftDataplane, fakeNft, isInForce } from "@podwall/dataplane";
import { type Cidr, type Cluster, clusterFrom, readManifests } from "@podwall/engine";
import { type Clock, systemClock } from "@podwall/kube";
import { describe, expect, it, vi } from "vitest";
import { patience } from "../patience.ts";
import { AgentMetrics } from "../serve/metrics.ts";
import { NodeAgent, type NodeAgentOptions } from "./node-agent.ts";
import { fakeSurroundings, podRange, runningAgent } from "./testing.ts";

const stillClock: Clock = { now: () => 0, wallTime: () => 0, random: () => 0, timer: () => () => undefined };
/** A clock whose time is the system's, at a hundred times the pace. */
const quickClock: Clock = { ...systemClock, timer: (delayMs, run) => systemClock.timer(delayMs / 100, run) };

/** What an agent says whose source tells nothing, until it has looked at the kernel. */
async function start(nft: Nft): Promise<string | undefined> {
  const stop = new AbortController();
  const said: string[] = [];
  const agent = new NodeAgent({
    ...fakeSurroundings(nft, said),
    source: { follow: async () => stop.abort(), snapshot: () => undefined, progress: () => new Map() },
    clock: stillClock,
  });
  await agent.run(stop.signal);
  return said[0];
}

const running = (options: Partial<NodeAgentOptions> = {}) => runningAgent({ clock: quickClock, ...options });

describe("an agent that does not know its cluster yet", () => {
  it("closes its pods where no rules are in the kernel, and keeps those that are", async () => {
    const nft = fakeNft();
    expect(await start(nft)).toMatch(/^info: no rules were in the kernel/);
    const rules = await nft.rules();
    expect(rules.some(({ chain }) => chain === "judge4")).toBe(true);
    expect(await start(nft)).toMatch(/^info: keeping the rules/);
    expect(await nft.rules()).toEqual(rules);
  });

  it("closes its pods where the agent before it was killed while it built its first table", async () => {
    const nft = fakeNft();
    let runs = 0;
    const killed = {
      objects: () => nft.objects(),
      hasMap: (name: string) => nft.hasMap(name),
      rules: () => nft.rules(),
      elements: (name: string) => nft.elements(name),
      run: (commands: readonly string[]): Promise<void> =>
        runs++ === 0 ? nft.run(commands) : Promise.reject(new Error("killed")),
    };
    await expect(start(killed)).rejects.toThrow("killed");
    expect(await nft.objects()).toBeDefined();
    expect(await isInForce(nft)).toBe(false);
    expect(await start(nft)).toMatch(/^info: no rules were in the kernel/);
    expect(await isInForce(nft)).toBe(true);
  });

  it("closes its pods as soon as it learns where they are, where that could not be learnt at once", async () => {
    const ranges: (readonly Cidr[])[] = [[], []];
    const { nft, said } = await running({ rangesAtStart: async () => ranges.shift() ?? [podRange] });
    expect(said).toEqual([expect.stringContaining("error: this node's pods are open until all is known")]);
    const closed = "info: no rules were in the kernel: this node's pods are closed until all is known";
    await vi.waitFor(() => expect(said.at(-1)).toBe(closed), patience);
    expect(await isInForce(nft)).toBe(true);
  });

  it("leaves in force what is known in the meantime", async () => {
    const asked: ((ranges: readonly Cidr[]) => void)[] = [];
    const ask = (): Promise<readonly Cidr[]> => new Promise((resolve) => asked.push(resolve));
    const answers = [async (): Promise<readonly Cidr[]> => []];
    const { agent, said, enforce } = await running({ rangesAtStart: () => (answers.shift() ?? ask)() });
    await vi.waitFor(() => expect(asked).toHaveLength(1), patience);
    await enforce(cluster("shop", "evil"));
    expect(agent.applied?.report.mode).toBe("full");
    asked[0]?.([podRange]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(said.filter((line) => line.includes("no rules were in the kernel"))).toEqual([]);
  });
});

/** A policy keeps those of teams but one out; `evil` is labelled as that one, where its Namespace is told of. */
function cluster(...namespaces: readonly string[]): Cluster {
  const manifests = [
    "{ apiVersion: v1, kind: Node, metadata: { name: here }, spec: { podCIDRs: [10.0.0.0/24] } }",
    "{ apiVersion: v1, kind: Node, metadata: { name: there }, spec: { podCIDRs: [10.0.1.0/24] } }",
    "{ apiVersion: v1, kind: Pod, metadata: { name: web, namespace: shop }, spec: { nodeName: here }, status: { podIP: 10.0.0.7 } }",
    "{ apiVersion: v1, kind: Pod, metadata: { name: thief, namespace: evil }, spec: { nodeName: there }, status: { podIP: 10.0.1.9 } }",
    "{ apiVersion: v1, kind: Pod, metadata: { name: spy, namespace: evil }, spec: { nodeName: here }, status: { podIP: 10.0.0.8 } }",
    `{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: web, namespace: shop }, spec: { podSelector: {},
  ingress: [{ from: [{ namespaceSelector: { matchExpressions: [{ key: team, operator: NotIn, values: [evil] }] } }] }] } }`,
    ...namespaces.map(
      (name) => `{ apiVersion: v1, kind: Namespace, metadata: { name: ${name}, labels: { team: ${name} } } }`,
    ),
  ];
  return clusterFrom(readManifests([{ name: "cluster.yaml", text: manifests.join("\n---\n") }]).objects);
}

describe("an agent that hears of a pod before it hears of the pod's namespace", () => {
  const identities = async (nft: Nft): Promise<readonly unknown[]> => {
    const name = (await nft.objects())?.sets.find((one) => one.startsWith("pods4_")) ?? "";
    return (await nft.elements(name)).map(({ key }) => key[0]);
  };

  it("takes it for no known pod, and lets no packet of its own ones pass", async () => {
    const { agent, nft, enforce } = await running();
    await enforce(cluster("shop"));
    expect([...(agent.applied?.closedPods ?? [])]).toEqual([["evil/spy", "its namespace is not known yet"]]);
    expect(await identities(nft)).not.toContain("10.0.1.9");
    await enforce(cluster("shop", "evil"));
    expect(agent.applied?.closedPods.size).toBe(0);
  });

  it("judges it by what manifests say where these may leave namespaces out", async () => {
    const { agent, enforce } = await running({ namespaces: "named" });
    await enforce(cluster("shop"));
    expect(agent.applied?.closedPods.size).toBe(0);
  });
});

describe("an agent whose table others change again and again", () => {
  it("takes for no work of others' what a change of its own left when it failed", async () => {
    const metrics = new AgentMetrics();
    const nft = fakeNft();
    const real = new NftDataplane({ nft, clearMarks: async () => undefined });
    let isBroken = false;
    let failures = 0;
    let repairs = 0;
    const dataplane: Dataplane = {
      apply: async (plan) => {
        if (!isBroken) return real.apply(plan);
        failures += 1;
        throw new Error("the kernel refuses");
      },
      inspect: async () => {
        if (failures === 0) return { kind: "intact" };
        repairs += 1;
        const report = { generation: 1, mode: "full", epoch: 1, commands: 1 } as const;
        return { kind: "repaired", differences: ["a change failed"], report };
      },
      prepare: (plan) => real.prepare(plan),
      flows: () => real.flows(),
      remove: () => real.remove(),
    };
    const { agent, said, enforce } = await running({ dataplane, nft, metrics, driftEveryMs: 20 });
    await enforce(cluster("shop", "evil"));
    isBroken = true;
    void enforce(cluster("shop")).catch(() => undefined);
    await vi.waitFor(() => expect(agent.failing).toBe("the kernel refuses"), patience);
    const before = repairs;
    await vi.waitFor(() => expect(repairs).toBeGreaterThan(before + 1), { timeout: 10_000 });
    expect(metrics.drifts).toBe(0);
    expect(said.filter((line) => line.includes("something else changed"))).toEqual([]);
  });

  it("counts each repair, and tells of those that are alike at first and then now and then", async () => {
    const metrics = new AgentMetrics();
    const nft = fakeNft();
    const real = new NftDataplane({ nft, clearMarks: async () => undefined });
    let looks = 0;
    const inspect = async (): Promise<Inspection> => {
      looks += 1;
      if (looks > 3) throw new Error("nft is gone");
      const report = { generation: looks, mode: "full", epoch: 1, commands: 1 } as const;
      return { kind: "repaired", differences: [`the rules of ingress_${looks} are others`], report };
    };
    const dataplane: Dataplane = {
      apply: (plan) => real.apply(plan),
      inspect,
      prepare: (plan) => real.prepare(plan),
      flows: () => real.flows(),
      remove: () => real.remove(),
    };
    const { said } = await running({ dataplane, nft, metrics, driftEveryMs: 1 });
    await vi.waitFor(() => expect(looks).toBeGreaterThan(10), patience);
    expect(metrics.drifts).toBe(3);
    expect(said.filter((line) => line.startsWith("warn"))).toEqual([
      "warn: something else changed podwall's table; it is as it should be again",
      "warn: the table could not be looked at",
    ]);
  });
});
