import { type Nft, NftDataplane, fakeNft, isInForce } from "@podwall/dataplane";
import { parseCidr } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { PodLinks } from "../links/pod-links.ts";
import { AgentMetrics } from "../serve/metrics.ts";
import { NodeAgent } from "./node-agent.ts";

const range = parseCidr("10.0.0.0/24").cidr!;

/** What an agent says whose source tells nothing, until it has looked at the kernel. */
async function start(nft: Nft): Promise<string | undefined> {
  const stop = new AbortController();
  const said: string[] = [];
  const agent = new NodeAgent({
    node: "here",
    source: { follow: async () => stop.abort(), snapshot: () => undefined, progress: () => new Map() },
    dataplane: new NftDataplane({ nft, clearMarks: async () => undefined }),
    nft,
    links: new PodLinks(undefined, { recall: async () => undefined, keep: async () => undefined }, async () => ({
      ipv4: "",
      ipv6: "",
    })),
    podCidrs: [],
    rangesAtStart: async () => [range],
    clock: { now: () => 0, wallTime: () => 0, random: () => 0, timer: () => () => undefined },
    log: (_level, message) => void said.push(message),
    metrics: new AgentMetrics(),
  });
  await agent.run(stop.signal);
  return said[0];
}

describe("an agent that does not know its cluster yet", () => {
  it("closes its pods where no rules are in the kernel, and keeps those that are", async () => {
    const nft = fakeNft();
    expect(await start(nft)).toMatch(/^no rules were in the kernel/);
    const rules = await nft.rules();
    expect(rules.some(({ chain }) => chain === "judge4")).toBe(true);
    expect(await start(nft)).toMatch(/^keeping the rules/);
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
    expect(await start(nft)).toMatch(/^no rules were in the kernel/);
    expect(await isInForce(nft)).toBe(true);
  });
});
