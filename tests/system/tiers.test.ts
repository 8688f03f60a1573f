import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type Cluster,
  type ClusterPolicy,
  type NetworkPolicy,
  type Pod,
  formatAddress,
  parseAddress,
  podKey,
} from "../../packages/engine/src/index.ts";
import { type Place, type ProbeOrder, placeOfPod } from "../../packages/lab/src/index.ts";
import { describeMismatch, mismatchesOf, predictedCells } from "./support/cells.ts";
import { podsOf, port, testCluster, testPod, testPolicy, testPorts } from "./support/clusters.ts";
import { hairpinCells, ownService } from "./support/hairpins.ts";
import { lacking, withPackets } from "./support/lacking.ts";
import { PacketLab } from "./support/packet-lab.ts";
import { anyNode, networks, selectedPods, testTier } from "./support/tiers.ts";

describe.skipIf(lacking !== undefined)(withPackets("a tier"), () => {
  let packets: PacketLab;
  const client = testPod("client", 1, 1);
  const neighbour = testPod("neighbour", 1, 2);
  const remote = testPod("remote", 2, 3);
  const node: Place = { kind: "node", name: "node-1" };
  const services = [ownService(client, 20, testPorts), ownService(neighbour, 21, testPorts)];
  let host: Pod;
  let pods: readonly Pod[];

  beforeAll(async () => {
    packets = await PacketLab.open({ denyWith: "reject" });
    host = { ...testPod("host", 1, 9), hostNetwork: true, addresses: packets.nodes[0]!.addresses };
    pods = [client, neighbour, remote, host];
    await packets.lab.arrange({ ...cluster([]), services });
  });

  beforeEach(async () => {
    await packets.enforce(cluster([]));
  });

  afterAll(() => packets?.close());

  function cluster(clusterPolicies: readonly ClusterPolicy[], policies: readonly NetworkPolicy[] = []): Cluster {
    return { ...testCluster(packets.nodes, pods, policies), clusterPolicies };
  }

  /** Enforces a cluster; gives the connections that are not as predicted, and how many are denied between two pods. */
  async function judged(wanted: Cluster, from: Pod, to: Pod): Promise<{ wrong: string[]; denied: number }> {
    await packets.enforce(wanted);
    const cells = [...predictedCells(wanted, { ports: testPorts }), ...hairpinCells(wanted, services, testPorts)];
    const between = cells.filter(({ cell }) => cell.from === podKey(from) && cell.to === podKey(to));
    return {
      wrong: (await mismatchesOf(packets.lab, cells)).map(describeMismatch),
      denied: between.filter(({ verdict }) => !verdict.allowed).length,
    };
  }

  async function probe(from: Place, address: string, to: Pod, order: Partial<ProbeOrder> = {}): Promise<string> {
    const process = await packets.lab.process(from);
    const probes = [{ protocol: "TCP" as const, port: 80, timeoutMs: 600, ...order, address, expect: podKey(to) }];
    const [answer] = await process.ask("probe", { probes, concurrency: 1 });
    return answer?.outcome ?? "none";
  }

  function run(at: Place, command: readonly string[]): Promise<string> {
    return packets.lab.world.run(command, { netns: packets.lab.inside(at).netns });
  }

  const denyNodes = testTier("Admin", "client", {
    egress: [{ action: "Deny", peers: [anyNode], ports: [port("TCP", 80)] }],
  });

  it("keeps a pod from its own node, which NetworkPolicy does not", async () => {
    const isolated = testPolicy("client", "client", { egress: [{ peers: [podsOf("nobody")] }] });
    expect(await judged(cluster([], [isolated]), client, host)).toEqual({ wrong: [], denied: 0 });
    expect(await judged(cluster([denyNodes], [isolated]), client, host)).toEqual({ wrong: [], denied: 2 });
    expect(await judged(cluster([]), client, host)).toEqual({ wrong: [], denied: 0 });
  });

  it("keeps a pod from its own node by Baseline rules too, whether NetworkPolicy isolates it or not", async () => {
    const baseline = testTier("Baseline", "client", { egress: [{ action: "Deny", peers: [networks("0.0.0.0/0")] }] });
    const isolated = testPolicy("client", "client", { egress: [{ peers: [podsOf("remote")] }] });
    for (const policies of [[], [isolated]]) {
      expect(await judged(cluster([baseline], policies), client, host)).toEqual({ wrong: [], denied: 4 });
    }
    const accepted = testTier("Admin", "client", {
      egress: [{ action: "Accept", peers: [anyNode], ports: [port("UDP", 80)] }],
    });
    expect(await judged(cluster([baseline, accepted]), client, host)).toEqual({ wrong: [], denied: 3 });
  });

  it("keeps no node from its pods, nor their answers from the node", async () => {
    const everything = networks("0.0.0.0/0", "::/0");
    const deny = { action: "Deny", peers: [everything] } as const;
    await packets.enforce(cluster([testTier("Admin", "client", { egress: [deny], ingress: [deny] })]));
    for (const address of client.addresses.map(formatAddress)) {
      for (const protocol of ["TCP", "UDP"] as const) {
        expect(await probe(node, address, client, { protocol })).toBe("open");
      }
      // Neighbours have to be found anew, and errors to come back.
      await run(node, ["ip", "neigh", "flush", "all"]);
      expect(await probe(node, address, client, { protocol: "UDP", port: 9 })).toBe("refused");
    }
    for (const address of packets.nodes[0]!.addresses.map(formatAddress)) {
      expect(await probe(placeOfPod(client), address, host)).not.toBe("open");
    }
  });

  it("cuts a live connection to the own node at its next packet, and leaves those that stay allowed", async () => {
    for (const address of packets.nodes[0]!.addresses.map(formatAddress)) {
      await packets.enforce(cluster([]));
      const from = await packets.lab.process(placeOfPod(client));
      const open = async (number: number): Promise<number> => {
        const order = {
          protocol: "TCP",
          address,
          port: number,
          timeoutMs: 2000,
          mode: "ping",
          intervalMs: 20,
        } as const;
        return (await from.ask("openStream", order)).stream ?? Number.NaN;
      };
      const [cut, kept] = [await open(80), await open(8080)];
      const received = async (stream: number): Promise<number> => (await from.ask("streamState", { stream })).received;
      await packets.enforce(cluster([denyNodes]));
      await delay(60);
      const before = [await received(cut), await received(kept)] as const;
      await delay(300);
      expect(await received(cut)).toBe(before[0]);
      expect(await from.ask("streamState", { stream: cut })).toMatchObject({ open: false, closedBy: "ECONNRESET" });
      expect(await received(kept)).toBeGreaterThan(before[1]);
      await from.ask("closeStream", { stream: kept });
    }
  });

  it("keeps a pod from itself through a Service, which NetworkPolicy does not", async () => {
    const isolated = testPolicy("client", "client", { egress: [], ingress: [] });
    const own = { action: "Deny", peers: [selectedPods("client")], ports: [port("TCP", 80)] } as const;
    const other = { action: "Deny", peers: [selectedPods("client")], ports: [port("UDP", 8080)] } as const;
    const byTiers = [
      testTier("Admin", "client", { egress: [own] }),
      testTier("Baseline", "client", { ingress: [other] }),
    ];
    const through = async (wanted: Cluster): Promise<readonly [string[], string[]]> => {
      await packets.enforce(wanted);
      const cells = hairpinCells(wanted, services, testPorts);
      const denied = cells.filter(({ verdict }) => !verdict.allowed).map(({ cell }) => cell);
      const wrong = (await mismatchesOf(packets.lab, cells)).map(describeMismatch);
      return [wrong, [...new Set(denied.map(({ from, protocol, port: number }) => `${from} ${protocol} ${number}`))]];
    };
    expect(await through(cluster([], [isolated]))).toEqual([[], []]);
    expect(await through(cluster(byTiers, [isolated]))).toEqual([[], ["test/client TCP 80", "test/client UDP 8080"]]);
    expect(await through(cluster([], [isolated]))).toEqual([[], []]);
  });

  it("denies an address of a pod range that no known pod has, where a Deny rule selects pods", async () => {
    const unknown = "10.244.2.99";
    const deny = (subjects: string) =>
      cluster([testTier("Admin", subjects, { egress: [{ action: "Deny", peers: [selectedPods("nobody")] }] })]);
    const denials = async (): Promise<number> => {
      const flows = await packets.enforcers[0]!.dataplane.flows();
      return flows.filter((flow) => formatAddress(flow.destination) === unknown && flow.direction === "egress").length;
    };
    expect(parseAddress(unknown)).toBeDefined();
    await packets.enforce(deny("neighbour"));
    await probe(placeOfPod(client), unknown, remote);
    expect(await denials()).toBe(0);
    await packets.enforce(deny("client"));
    expect(await probe(placeOfPod(client), unknown, remote)).toBe("unreachable");
    expect(await denials()).toBe(1);
    expect(await probe(placeOfPod(client), formatAddress(remote.addresses[0]!), remote)).toBe("open");
  });
});
