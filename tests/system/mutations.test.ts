import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Cluster, Pod } from "../../packages/engine/src/index.ts";
import { podsOf, port, testCluster, testPod, testPolicy } from "./support/clusters.ts";
import { mismatchesOf, predictedCells } from "./support/cells.ts";
import { hairpinCells, ownService } from "./support/hairpins.ts";
import { lacking, withPackets } from "./support/lacking.ts";
import { type Enforcer, PacketLab } from "./support/packet-lab.ts";
import { anyNode, selectedPods, testTier } from "./support/tiers.ts";

// What is checked here is the check: packets must tell when the kernel does not hold what was compiled.
describe.skipIf(lacking !== undefined)(withPackets("a change made by hand in the kernel"), () => {
  let packets: PacketLab;
  const web = testPod("web", 1, 1);
  const friend = testPod("friend", 1, 2);
  const stranger = testPod("stranger", 2, 3);
  const policy = testPolicy("web", "web", { ingress: [{ peers: [podsOf("friend")], ports: [port("TCP", 80)] }] });

  beforeAll(async () => {
    packets = await PacketLab.open({ denyWith: "reject" });
    await packets.lab.arrange(testCluster(packets.nodes, [web, friend, stranger]));
  });

  afterAll(() => packets?.close());

  /** Enforces the policy anew, changes the kernel of the first node by hand, and says which connections to web are wrong. */
  async function mismatchesAfter(change: (first: Enforcer) => Promise<void>): Promise<string[]> {
    for (const { dataplane } of packets.enforcers) await dataplane.remove();
    const cluster = testCluster(packets.nodes, [web, friend, stranger], [policy]);
    await packets.enforce(cluster);
    const first = packets.enforcers[0] as Enforcer;
    await first.dataplane.settled();
    await change(first);
    const cells = predictedCells(cluster, { ports: [80], protocols: ["TCP"] }).filter(
      ({ cell }) => cell.to === "test/web" && cell.address.family === 4,
    );
    const wrong = await mismatchesOf(packets.lab, cells);
    return wrong.map(({ cell, answer }) => `${cell.from} ${answer.outcome}`).sort();
  }

  /** The number of a pod's identity, as `nft` has it. */
  async function identityOf(first: Enforcer, address: string): Promise<number> {
    const pods = await setNamed(first, "pods4_");
    const element = (await first.nft.elements(pods)).find(({ key }) => key[0] === address);
    return Number(element?.value);
  }

  async function setNamed(first: Enforcer, start: string): Promise<string> {
    const name = (await first.nft.objects())?.sets.find((candidate) => candidate.startsWith(start));
    if (name === undefined) throw new Error(`there is no ${start}`);
    return name;
  }

  async function grantsMap(first: Enforcer): Promise<string> {
    const name = (await first.nft.objects())?.sets.find((candidate) => /^ingress_\d+_grants$/.test(candidate));
    if (name === undefined) throw new Error("there is no map of grants");
    return name;
  }

  it("is none when nothing was changed", async () => {
    expect(await mismatchesAfter(async () => undefined)).toEqual([]);
  });

  it("shows as a denied connection when an element is removed", async () => {
    expect(
      await mismatchesAfter(async (first) => {
        const id = await identityOf(first, "10.244.1.3");
        await first.nft.run([`delete element inet podwall ${await grantsMap(first)} { ${id} }`]);
      }),
    ).toEqual(["test/friend unreachable"]);
  });

  it("shows as an allowed connection when an element is added", async () => {
    expect(
      await mismatchesAfter(async (first) => {
        const atoms = await first.nft.elements(await setNamed(first, "atoms4_"));
        const world = Number(atoms[0]?.value);
        const grants = await grantsMap(first);
        const [grant] = (await first.nft.elements(grants)).map(({ value }) => Number(value));
        await first.nft.run([`add element inet podwall ${grants} { ${world} : ${grant} }`]);
      }),
    ).toEqual(["test/stranger open"]);
  });

  it("shows as both when two identities are swapped", async () => {
    expect(
      await mismatchesAfter(async (first) => {
        const pods = await setNamed(first, "pods4_");
        const id = await identityOf(first, "10.244.1.3");
        await first.nft.run([
          `delete element inet podwall ${pods} { 10.244.1.3 }`,
          `add element inet podwall ${pods} { 10.244.2.4 : ${id} }`,
        ]);
      }),
    ).toEqual(["test/friend unreachable", "test/stranger open"]);
  });

  it("closes, and does not open, when a dispatch element is deleted", async () => {
    for (const direction of ["ingress", "egress"]) {
      const wrong = await mismatchesAfter(async (first) => {
        const dispatch = await setNamed(first, `dispatch_${direction}4_`);
        await first.nft.run([`delete element inet podwall ${dispatch} { 10.244.1.2 }`]);
      });
      expect(wrong).toEqual(direction === "ingress" ? ["test/friend timeout"] : []);
    }
  });

  it("keeps a pod from sending at all when its egress dispatch element is deleted", async () => {
    for (const { dataplane } of packets.enforcers) await dataplane.remove();
    const cluster = testCluster(packets.nodes, [web, friend, stranger], []);
    await packets.enforce(cluster);
    const first = packets.enforcers[0] as Enforcer;
    await first.nft.run([`delete element inet podwall ${await setNamed(first, "dispatch_egress4_")} { 10.244.1.3 }`]);
    const cells = predictedCells(cluster, { ports: [80] }).filter(
      ({ cell }) => cell.from === "test/friend" && cell.to !== "test/friend" && cell.address.family === 4,
    );
    const wrong = await mismatchesOf(packets.lab, cells);
    expect(wrong).toHaveLength(cells.length);
    expect(new Set(wrong.map(({ answer }) => answer.outcome))).toEqual(new Set(["timeout"]));
  });

  describe("of what tiers say of the node's own traffic", () => {
    const services = [ownService(web, 20, [80, 8080])];
    let host: Pod;

    beforeAll(async () => {
      host = { ...testPod("host", 1, 9), hostNetwork: true, addresses: packets.nodes[0]!.addresses };
      await packets.lab.arrange({ ...testCluster(packets.nodes, [web, friend, stranger, host]), services });
    });

    /** Enforces tiers anew, changes the first node's kernel by hand; what web's connections to its node and to itself do wrong. */
    async function mismatchesAfterTiers(change: (first: Enforcer) => Promise<void>): Promise<string[]> {
      for (const { dataplane } of packets.enforcers) await dataplane.remove();
      const denied = [port("TCP", 80)];
      const cluster: Cluster = {
        ...testCluster(packets.nodes, [web, friend, stranger, host]),
        clusterPolicies: [
          testTier("Admin", "web", {
            egress: [
              { action: "Deny", peers: [anyNode], ports: denied },
              { action: "Deny", peers: [selectedPods("web")], ports: denied },
            ],
          }),
        ],
      };
      await packets.enforce(cluster);
      const first = packets.enforcers[0] as Enforcer;
      await first.dataplane.settled();
      await change(first);
      const cells = [...predictedCells(cluster, { ports: [80, 8080], protocols: ["TCP"] }), ...itself(cluster)].filter(
        ({ cell }) => ["test/web", "test/friend"].includes(cell.from) && cell.address.family === 4,
      );
      const watched = cells.filter(({ cell }) => cell.to === "test/host" || cell.from === cell.to);
      const wrong = await mismatchesOf(packets.lab, watched);
      return wrong.map(({ cell, answer }) => `${cell.from} ${cell.to} ${cell.port} ${answer.outcome}`).sort();
    }

    const itself = (cluster: Cluster) =>
      hairpinCells(cluster, services, [80, 8080]).filter(({ cell }) => cell.protocol === "TCP");

    it("is none when nothing was changed", async () => {
      expect(await mismatchesAfterTiers(async () => undefined)).toEqual([]);
    });

    it("shows as an allowed connection when a pod's judge for its own node is taken out of its way", async () => {
      expect(
        await mismatchesAfterTiers(async (first) => {
          const map = await setNamed(first, "own_node4_");
          await first.nft.run([
            `delete element inet podwall ${map} { 10.244.1.2 }`,
            `add element inet podwall ${map} { 10.244.1.2 : accept }`,
          ]);
        }),
      ).toEqual(["test/web test/host 80 open"]);
    });

    it("closes, and does not open, when the element for its own node is deleted", async () => {
      expect(
        await mismatchesAfterTiers(async (first) => {
          await first.nft.run([`delete element inet podwall ${await setNamed(first, "own_node4_")} { 10.244.1.2 }`]);
        }),
      ).toEqual(["test/web test/host 8080 timeout"]);
    });

    it("shows as an allowed connection when a pod's judge for itself is taken out of its way", async () => {
      expect(
        await mismatchesAfterTiers(async (first) => {
          const map = await setNamed(first, "itself4_");
          await first.nft.run([
            `delete element inet podwall ${map} { 10.244.1.2 . 10.244.1.2 }`,
            `add element inet podwall ${map} { 10.244.1.2 . 10.244.1.2 : goto commit4 }`,
          ]);
        }),
      ).toEqual(["test/web test/web 80 open"]);
    });

    it("shows as an allowed connection when the rules of input are gone", async () => {
      expect(await mismatchesAfterTiers(async (first) => first.nft.run(["flush chain inet podwall input4"]))).toEqual([
        "test/web test/host 80 open",
      ]);
    });

    it("shows as a denied connection when what the tiers leave open is gone", async () => {
      const wrong = await mismatchesAfterTiers(async (first) => {
        const chains = (await first.nft.objects())?.chains.filter((name) => /^(own_node|itself)_\d+$/.test(name)) ?? [];
        await first.nft.run(
          chains.flatMap((name) => [
            `flush chain inet podwall ${name}`,
            `add rule inet podwall ${name} goto denied_egress4`,
          ]),
        );
      });
      expect(wrong).toEqual(["test/web test/host 8080 unreachable", "test/web test/web 8080 unreachable"]);
    });
  });
});
