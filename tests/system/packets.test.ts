import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Address, Cluster, Pod, Service } from "../../packages/engine/src/index.ts";
import { formatAddress, parseAddress } from "../../packages/engine/src/index.ts";
import { arbitraryCluster } from "../../packages/engine/src/testing/arbitrary-cluster.ts";
import type { ClusterFrame } from "../../packages/engine/src/testing/arbitrary-parts.ts";
import { podAddresses } from "../../packages/lab/src/index.ts";
import { describeMismatch, mismatchesOf, predictedCells, reasonsOf } from "./support/cells.ts";
import { hairpinCells, ownService } from "./support/hairpins.ts";
import { lacking, withPackets } from "./support/lacking.ts";
import { PacketLab } from "./support/packet-lab.ts";

const ports = [53, 80, 8080];
const outside = ["203.0.113.10", "2001:db8::10"].map((text) => parseAddress(text) as Address);
const clusters = Number(process.env.PODWALL_TEST_CLUSTERS ?? 100);
const seed = Number(process.env.PODWALL_TEST_SEED ?? Date.now() % 2 ** 31);

describe.skipIf(lacking !== undefined)(withPackets("packets"), () => {
  let packets: PacketLab;
  let frame: ClusterFrame;
  /** One for each pod, for it to reach itself through. */
  let services: readonly Service[];

  beforeAll(async () => {
    // Rejected connections answer at once; that silence is kept as well is tested elsewhere.
    // Other tests have too few pods for identities by interval, or spare none by them.
    packets = await PacketLab.open({ denyWith: "reject", sparing: 1 });
    frame = {
      namespaces: ["x", "y"],
      nodes: packets.nodes,
      pods: [
        ...[1, 2, 3, 4, 5].map((index) => ({
          namespace: index < 4 ? "x" : "y",
          name: `pod-${index}`,
          node: `node-${(index % 2) + 1}`,
          hostNetwork: false,
          addresses: podAddresses((index % 2) + 1, index),
        })),
        { namespace: "y", name: "host", node: "node-1", hostNetwork: true, addresses: packets.nodes[0]!.addresses },
      ],
      outside,
      ports,
      protocols: ["TCP", "UDP"],
      tiers: true,
    };
    // Whatever ports a drawn cluster declares, everything listens everywhere, so that silence comes from policy alone.
    const listening = ports.flatMap((port) => [
      { protocol: "TCP" as const, port },
      { protocol: "UDP" as const, port },
    ]);
    const pods = frame.pods.map(
      (pod): Pod => ({ kind: "Pod", completed: false, ...pod, labels: new Map([["app", pod.name]]), ports: listening }),
    );
    services = pods.filter((pod) => !pod.hostNetwork).map((pod, index) => ownService(pod, index + 20, ports));
    await packets.lab.arrange({
      namespaces: new Map(),
      nodes: new Map(packets.nodes.map((node) => [node.name, node])),
      services,
      policies: [],
      clusterPolicies: [],
      pods,
    });
    await packets.lab.arrangeOutside(
      outside,
      outside.flatMap((address) =>
        listening.map(({ protocol, port }) => ({ protocol, port, address: formatAddress(address) })),
      ),
    );
  });

  afterAll(() => packets?.close());

  it(`do what the reference evaluator says, on ${clusters} random clusters (seed ${seed})`, async () => {
    const counts = { clusters: 0, withSpans: 0, allowed: 0, denied: 0 };
    const reasons = new Map<string, number>();
    const check = async (cluster: Cluster): Promise<void> => {
      await packets.enforce(cluster);
      const cells = [...predictedCells(cluster, { outside, ports }), ...hairpinCells(cluster, services, ports)];
      for (const { verdict } of cells) {
        counts[verdict.allowed ? "allowed" : "denied"]++;
        for (const reason of reasonsOf(verdict)) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
      counts.clusters++;
      const tables = await Promise.all(packets.enforcers.map(({ nft }) => nft.objects()));
      if (tables.some((table) => table?.sets.some((name) => name.endsWith("_spans")))) counts.withSpans++;
      const mismatches = (await mismatchesOf(packets.lab, cells)).map(describeMismatch);
      if (mismatches.length > 0) console.log(`cluster ${counts.clusters}: ${mismatches.slice(0, 5).join("; ")}`);
      expect(mismatches).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(arbitraryCluster(frame), check), { numRuns: clusters, seed });
    console.log(`${JSON.stringify(counts)} seed ${seed} reasons ${JSON.stringify(Object.fromEntries(reasons))}`);
    const total = counts.allowed + counts.denied;
    expect(counts.withSpans).toBeGreaterThan(clusters / 5);
    expect(counts.allowed).toBeGreaterThan(total / 5);
    expect(counts.denied).toBeGreaterThan(total / 5);
    expect([...reasons.keys()].sort()).toEqual([
      "accepted-by-tier",
      "allowed-by-rule",
      "denied-by-tier",
      "no-rule-matches",
      "not-a-subject address",
      "not-a-subject hostNetwork",
      "not-isolated",
      "own-node",
      "self",
    ]);
  }, 1_200_000);
});
