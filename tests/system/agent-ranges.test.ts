import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cluster, type Pod, formatAddress, podKey } from "../../packages/engine/src/index.ts";
import { placeOfPod, podAddresses } from "../../packages/lab/src/index.ts";
import { AgentCluster } from "./support/agent-cluster.ts";
import { describeMismatch, mismatchesOf, predictedCells } from "./support/cells.ts";
import { guardPods } from "./support/guarded-pods.ts";
import { buildTimeoutMs, kubeLacking, withKubernetes } from "./support/kube-binaries.ts";
import { lacking, withPackets } from "./support/lacking.ts";

const ranges = ["10.244.0.0/16", "fd00:10:244::/48"].flatMap((range) => ["--cluster-pod-cidr", range]);

describe.skipIf(lacking !== undefined || kubeLacking !== undefined)(
  withPackets(withKubernetes("agents of a cluster whose Nodes have no pod ranges, and that are told all pods' ranges")),
  () => {
    let cluster: AgentCluster;

    beforeAll(async () => {
      cluster = await AgentCluster.open(2, { nodeRanges: "untold" });
      await cluster.namespace("shop");
      await pod("server", 2, 1);
      await pod("open", 2, 2);
      await pod("friend", 1, 1);
      await pod("other", 1, 2);
      await guardPods(cluster, { app: "bad" });
      await cluster.start(["--pod-interface-prefix", "pw", ...ranges]);
      await cluster.lab.arrange(await cluster.truth());
      await cluster.settle();
    }, buildTimeoutMs);
    afterAll(() => cluster?.close());

    async function pod(app: string, node: number, number: number): Promise<void> {
      const addresses = podAddresses(node, number);
      await cluster.pod({ namespace: "shop", name: app, node: `node-${node}`, labels: { app }, addresses });
    }

    async function reach(truth: Cluster, from: string, to: string): Promise<readonly string[]> {
      const [source, target] = [from, to].map((name) => truth.pods.find((one) => one.name === name) as Pod);
      const process = await cluster.lab.process(placeOfPod(source as Pod));
      const { addresses } = target as Pod;
      const probes = addresses.map((address) => ({
        protocol: "TCP" as const,
        address: formatAddress(address),
        port: 80,
        expect: podKey(target as Pod),
        timeoutMs: 400,
      }));
      return (await process.ask("probe", { probes, concurrency: 2 })).map(({ outcome }) => outcome);
    }

    it("enforce what is written, within a node and between nodes", async () => {
      const cells = predictedCells(await cluster.truth(), { ports: [80, 8080] });
      const wrong = await mismatchesOf(cluster.lab, cells);
      expect(wrong.map(describeMismatch)).toEqual([]);
    });

    it("let in no pod of another node that they do not know, where an Admin tier denies some", async () => {
      const [first, second] = cluster.nodes;
      second?.way.hold();
      await pod("bad", 1, 3);
      await pod("good", 1, 4);
      const truth = await cluster.truth();
      await cluster.lab.arrange(truth);
      await first?.until("told of both", ({ closedPods, pending }) => !pending && closedPods?.length === 0);
      expect(await reach(truth, "bad", "open")).toEqual(["timeout", "timeout"]);
      expect(await reach(truth, "good", "open")).toEqual(["timeout", "timeout"]);
      expect(await reach(truth, "other", "open")).toEqual(["open", "open"]);
      second?.way.open();
      await cluster.settle();
      expect(await reach(truth, "good", "open")).toEqual(["open", "open"]);
      expect(await reach(truth, "bad", "open")).toEqual(["timeout", "timeout"]);
    });

    it("complain of no ranges", () => {
      const errors = cluster.nodes.flatMap(({ log }) => log.filter(({ level }) => level === "error"));
      expect(errors).toEqual([]);
    });
  },
);
