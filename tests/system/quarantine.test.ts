import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Pod, formatAddress, podKey } from "../../packages/engine/src/index.ts";
import { type Place, type ProbeOrder, placeOfPod } from "../../packages/lab/src/index.ts";
import { testCluster, testPod } from "./support/clusters.ts";
import { lacking, withPackets } from "./support/lacking.ts";
import { PacketLab } from "./support/packet-lab.ts";

describe.skipIf(lacking !== undefined)(withPackets("an address that is not programmed"), () => {
  let packets: PacketLab;
  const known = testPod("known", 1, 1);
  const neighbour = testPod("neighbour", 1, 2);
  const remote = testPod("remote", 2, 3);
  const fresh = testPod("fresh", 1, 4);
  const node: Place = { kind: "node", name: "node-1" };

  beforeAll(async () => {
    packets = await PacketLab.open();
    await packets.lab.arrange(testCluster(packets.nodes, [known, neighbour, remote, fresh]));
    await packets.enforce(testCluster(packets.nodes, [known, neighbour, remote]));
  });

  afterAll(() => packets?.close());

  async function reaches(
    from: Place,
    to: Pod,
    options: { readonly source?: string; readonly protocol?: "UDP" } = {},
  ): Promise<string[]> {
    const { source, protocol = "TCP" } = options;
    const process = await packets.lab.process(from);
    const outcomes: string[] = [];
    for (const address of to.addresses) {
      if (source !== undefined && source.includes(":") !== (address.family === 6)) continue;
      const order: ProbeOrder = {
        protocol,
        address: formatAddress(address),
        port: 80,
        expect: podKey(to),
        timeoutMs: 400,
      };
      const probes = [source === undefined ? order : { ...order, from: source }];
      const [answer] = await process.ask("probe", { probes, concurrency: 1 });
      outcomes.push(answer?.outcome ?? "none");
    }
    return outcomes;
  }

  it("lets programmed pods talk, on one node and between nodes", async () => {
    expect(await reaches(placeOfPod(known), neighbour)).toEqual(["open", "open"]);
    expect(await reaches(placeOfPod(known), remote)).toEqual(["open", "open"]);
    expect(await reaches(placeOfPod(remote), known)).toEqual(["open", "open"]);
  });

  it("can send nothing: not to its node's pods, not to other nodes' pods", async () => {
    expect(await reaches(placeOfPod(fresh), known)).toEqual(["timeout", "timeout"]);
    expect(await reaches(placeOfPod(fresh), remote)).toEqual(["timeout", "timeout"]);
  });

  it("can receive nothing: not from its node's pods, not from elsewhere, not from its node", async () => {
    expect(await reaches(placeOfPod(known), fresh)).toEqual(["timeout", "timeout"]);
    expect(await reaches(placeOfPod(remote), fresh)).toEqual(["timeout", "timeout"]);
    expect(await reaches(node, fresh)).toEqual(["timeout", "timeout"]);
  });

  it("is open once it is programmed", async () => {
    await packets.enforce(testCluster(packets.nodes, [known, neighbour, remote, fresh]));
    expect(await reaches(placeOfPod(fresh), known)).toEqual(["open", "open"]);
    expect(await reaches(placeOfPod(remote), fresh)).toEqual(["open", "open"]);
    await packets.enforce(testCluster(packets.nodes, [known, neighbour, remote]));
  });

  it("cannot be used as a source by a pod that has another: the packet is dropped and counted", async () => {
    const spoofed = ["203.0.113.66", "10.244.1.3", "10.244.2.77"];
    const enter = packets.lab.inside(placeOfPod(known)).netns;
    await packets.lab.world.ip(
      spoofed.map((address) => `addr add ${address}/32 dev lo`),
      enter,
    );
    const before = await quarantined();
    for (const source of spoofed) {
      expect(await reaches(placeOfPod(known), remote, { source, protocol: "UDP" })).toEqual(["timeout"]);
    }
    expect(await quarantined()).toBeGreaterThanOrEqual(before + spoofed.length);
    await packets.lab.world.ip(
      spoofed.map((address) => `addr del ${address}/32 dev lo`),
      enter,
    );
  });

  async function quarantined(): Promise<number> {
    const text = await packets.lab.world.run(["nft", "list", "chain", "inet", "podwall", "quarantine"], {
      netns: packets.lab.inside(node).netns,
    });
    return Number(/counter packets (\d+)/.exec(text)?.[1]);
  }
});
