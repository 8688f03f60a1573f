import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type NetworkPolicy, type Pod, formatAddress, planNode, podKey } from "../../packages/engine/src/index.ts";
import { type Place, type ProbeOrder, placeOfPod } from "../../packages/lab/src/index.ts";
import { podsOf, testCluster, testPod, testPolicy } from "./support/clusters.ts";
import { lacking, withPackets } from "./support/lacking.ts";
import { PacketLab } from "./support/packet-lab.ts";

describe.skipIf(lacking !== undefined)(withPackets("a corner"), () => {
  let packets: PacketLab;
  const client = testPod("client", 1, 1);
  const server = testPod("server", 1, 2);
  const remote = testPod("remote", 2, 3);
  const pods = [client, server, remote];
  const node: Place = { kind: "node", name: "node-1" };

  beforeAll(async () => {
    packets = await PacketLab.open();
    await packets.lab.arrange(cluster([]));
  });

  beforeEach(async () => {
    await packets.enforce(cluster([]));
  });

  afterAll(() => packets?.close());

  function cluster(policies: readonly NetworkPolicy[]) {
    return testCluster(packets.nodes, pods, policies);
  }

  async function probe(from: Place, order: Omit<ProbeOrder, "expect" | "timeoutMs">, to: Pod): Promise<string> {
    const process = await packets.lab.process(from);
    const probes = [{ ...order, expect: podKey(to), timeoutMs: 400 }];
    const [answer] = await process.ask("probe", { probes, concurrency: 1 });
    return answer?.outcome ?? "none";
  }

  function run(at: Place, command: readonly string[], input?: string): Promise<string> {
    return packets.lab.world.run(command, { netns: packets.lab.inside(at).netns, ...(input ? { input } : {}) });
  }

  async function counted(at: Place, ...chain: readonly string[]): Promise<number> {
    return Number(/counter packets (\d+)/.exec(await run(at, ["nft", "list", "chain", ...chain]))?.[1]);
  }

  it("of conntrack: a connection of an isolated pod that is picked up in mid-stream is cut, whoever speaks first", async () => {
    const allowed = testPolicy("server", "server", { ingress: [{ peers: [podsOf("client")] }] });
    await packets.enforce(cluster([allowed]));
    const from = await packets.lab.process(placeOfPod(client));
    const address = formatAddress(server.addresses[0]!);
    const order = { protocol: "TCP", address, port: 80, timeoutMs: 2000, mode: "push", intervalMs: 20 } as const;
    const { stream = -1 } = await from.ask("openStream", order);
    await delay(100);
    await run(node, ["conntrack", "-F"]);
    await delay(200);
    const { received } = await from.ask("streamState", { stream });
    await delay(200);
    expect(await from.ask("streamState", { stream })).toMatchObject({ received });
    await from.ask("closeStream", { stream });
  });

  it("of links: where pods have links of their own, one whose link is not known lends its address to nobody", async () => {
    const { links } = packets.lab;
    const unlinked = (pod: Pod) => (pod.name === "server" ? undefined : links.interfaceOf(pod));
    const plan = planNode(cluster([]), "node-1", { ...links, interfaceOf: unlinked });
    await packets.enforcers[0]!.dataplane.apply(plan);
    const source = formatAddress(server.addresses[0]!);
    await run(placeOfPod(client), ["ip", "addr", "add", `${source}/32`, "dev", "lo"]);
    const before = await counted(node, "inet", "podwall", "quarantine");
    await probe(
      placeOfPod(client),
      { protocol: "UDP", address: formatAddress(remote.addresses[0]!), port: 80, from: source },
      remote,
    );
    await run(placeOfPod(client), ["ip", "addr", "del", `${source}/32`, "dev", "lo"]);
    expect(await counted(node, "inet", "podwall", "quarantine")).toBeGreaterThan(before);
  });

  it("of a node: it reaches itself on an address that it has in its own pod range", async () => {
    await run(node, ["ip", "addr", "add", "10.244.1.200/32", "dev", "lo"]);
    const outcome = await probe(node, { protocol: "TCP", address: "10.244.1.200", port: 9 }, server);
    await run(node, ["ip", "addr", "del", "10.244.1.200/32", "dev", "lo"]);
    expect(outcome).toBe("refused");
  });

  it("of IPv6: neighbour discovery is only what does not leave the link", async () => {
    // A pod's answer to a datagram for a closed port becomes a neighbour solicitation, and is routed.
    const isolated = testPolicy("server", "server", { egress: [{ peers: [podsOf("nobody")] }] });
    await packets.enforce(cluster([isolated]));
    const [, address] = server.addresses.map(formatAddress);
    const disguise = `table inet disguise { chain out { type filter hook output priority 0;
      icmpv6 type destination-unreachable icmpv6 type set nd-neighbor-solicit; }; }`;
    const count = `table inet count { chain in { type filter hook input priority -400;
      icmpv6 type nd-neighbor-solicit ip6 saddr ${address} counter; }; }`;
    await run(placeOfPod(server), ["nft", "-f", "-"], disguise);
    await run(placeOfPod(client), ["nft", "-f", "-"], count);
    await probe(placeOfPod(client), { protocol: "UDP", address: address!, port: 9 }, server);
    expect(await counted(placeOfPod(client), "inet", "count", "in")).toBe(0);
    await run(placeOfPod(server), ["nft", "delete", "table", "inet", "disguise"]);
  });
});
