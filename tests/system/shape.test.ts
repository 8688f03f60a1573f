import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cluster, type PolicyPeer, type PolicyPort, parseCidr } from "../../packages/engine/src/index.ts";
import { mismatchesOf, predictedCells } from "./support/cells.ts";
import { podsOf, port, testCluster, testPod, testPolicy } from "./support/clusters.ts";
import { lacking, withPackets } from "./support/lacking.ts";
import { networks, testTier } from "./support/tiers.ts";
import { PacketLab } from "./support/packet-lab.ts";
import { probeCells } from "../../packages/lab/src/index.ts";

// What the shape of plans and rule sets must be able to carry: docs/decisions/0002.
describe.skipIf(lacking !== undefined)(withPackets("the shape of identities and rule sets"), () => {
  let packets: PacketLab;
  const client = testPod("client", 1, 1);
  const near = testPod("near", 2, 2, "server");
  const far = testPod("far", 2, 130, "server");
  const pods = [client, near, far];

  beforeAll(async () => {
    packets = await PacketLab.open({ denyWith: "reject" });
    await packets.lab.arrange(testCluster(packets.nodes, pods));
  });

  afterAll(() => packets?.close());

  /** What of the client's TCP connections to the servers gets through, over IPv4. */
  async function through(cluster: Cluster): Promise<string[]> {
    const cells = predictedCells(cluster, { ports: [80, 8080], protocols: ["TCP"] }).filter(
      ({ cell }) => cell.from === "test/client" && cell.to !== "test/client" && cell.address.family === 4,
    );
    const results = await probeCells(packets.lab, cells);
    return results
      .filter(({ answer }) => answer.outcome === "open")
      .map(({ cell }) => `${cell.to.slice("test/".length)}:${cell.port}`)
      .sort();
  }

  const block = (text: string): PolicyPeer => ({
    kind: "ipBlock",
    path: "peer",
    cidr: parseCidr(text).cidr!,
    except: [],
  });
  /** Holds the address of `far` and not that of `near`. */
  const half = "10.244.2.128/25";

  it("carries an ipBlock over half of a selector's pods", async () => {
    const cluster = testCluster(packets.nodes, pods, [
      testPolicy("client", "client", {
        egress: [
          { peers: [podsOf("server")], ports: [port("TCP", 80)] },
          { peers: [block(half)], ports: [port("TCP", 8080)] },
        ],
      }),
    ]);
    await packets.enforce(cluster);
    expect(await through(cluster)).toEqual(["far:80", "far:8080", "near:80"]);
  });

  it("carries an egress port name with two numbers", async () => {
    const named: PolicyPort = { path: "port", protocol: "TCP", port: { kind: "named", name: "web" } };
    const web = (number: number) => ({ name: "web", protocol: "TCP" as const, port: number });
    const cluster = testCluster(
      packets.nodes,
      [client, { ...near, ports: [web(80)] }, { ...far, ports: [web(80), web(8080)] }],
      [testPolicy("client", "client", { egress: [{ peers: [podsOf("server")], ports: [named] }] })],
    );
    await packets.enforce(cluster);
    expect(await through(cluster)).toEqual(["far:80", "far:8080", "near:80"]);
  });

  it("closes a pod whose policies are past a budget, on all sides but its node's, and no other", async () => {
    const blocks = Array.from({ length: 30_000 }, (_, index) => block(`20.${index >> 8}.${index & 255}.0/24`));
    const cluster = testCluster(packets.nodes, pods, [
      testPolicy("near", "server", { ingress: [{ peers: [block("0.0.0.0/0")], ports: [port("TCP", 80)] }] }),
      { ...testPolicy("huge", "client", { egress: [{ peers: blocks }] }), name: "huge" },
    ]);
    await packets.enforce(cluster);
    expect(await through(cluster)).toEqual([]);
    const cells = predictedCells(cluster, { ports: [80, 8080] });
    const ofClient = ({ cell }: (typeof cells)[number]): boolean => [cell.from, cell.to].includes("test/client");
    expect(
      await mismatchesOf(
        packets.lab,
        cells.filter((cell) => !ofClient(cell)),
      ),
    ).toEqual([]);
    const reached = (await probeCells(packets.lab, cells.filter(ofClient))).filter(
      ({ cell, answer }) => cell.from !== cell.to && answer.outcome === "open",
    );
    expect(reached).toEqual([]);
    await packets.enforce({ ...cluster, policies: [] });
    expect(await through({ ...cluster, policies: [] })).toHaveLength(4);
  });

  it("carries an Admin tier's Deny of a network over a selector that a policy allows", async () => {
    const allowing = testCluster(packets.nodes, pods, [
      testPolicy("client", "client", { egress: [{ peers: [podsOf("server")], ports: [port("TCP", 80)] }] }),
    ]);
    await packets.enforce(allowing);
    expect(await through(allowing)).toEqual(["far:80", "near:80"]);
    const denying = {
      ...allowing,
      clusterPolicies: [testTier("Admin", "client", { egress: [{ action: "Deny", peers: [networks(half)] }] })],
    };
    await packets.enforce(denying);
    expect(await through(denying)).toEqual(["near:80"]);
  });
});
