import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cluster, type PolicyPeer, type PolicyPort, parseCidr } from "../../packages/engine/src/index.ts";
import { predictedCells } from "./support/cells.ts";
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
