import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cluster, type Pod, formatAddress } from "../../packages/engine/src/index.ts";
import { type ProbeOrder, placeOfPod, podAddresses } from "../../packages/lab/src/index.ts";
import { AgentCluster } from "./support/agent-cluster.ts";
import { describeMismatch, mismatchesOf, predictedCells } from "./support/cells.ts";
import { buildTimeoutMs, kubeLacking, withKubernetes } from "./support/kube-binaries.ts";
import { lacking, withPackets } from "./support/lacking.ts";

describe.skipIf(lacking !== undefined || kubeLacking !== undefined)(
  withPackets(withKubernetes("what goes wrong around an agent")),
  () => {
    let cluster: AgentCluster;

    beforeAll(async () => {
      cluster = await AgentCluster.open();
      await cluster.namespace("shop");
      for (const [index, app] of ["server", "friend", "other", "poor"].entries()) {
        const node = 2 - (index % 2);
        const addresses = podAddresses(node, index + 1);
        await cluster.pod({ namespace: "shop", name: app, node: `node-${node}`, labels: { app }, addresses });
      }
      await cluster.policy("shop", "server", {
        podSelector: { matchLabels: { app: "server" } },
        ingress: [{ from: [{ podSelector: { matchLabels: { app: "friend" } } }] }],
      });
      await cluster.start();
      await cluster.lab.arrange(await cluster.truth());
      await cluster.settle();
    }, buildTimeoutMs);
    afterAll(() => cluster?.close());

    async function expectAgreement(truth: Cluster): Promise<void> {
      const wrong = await mismatchesOf(cluster.lab, predictedCells(truth, { ports: [80, 8080] }));
      expect(wrong.map(describeMismatch)).toEqual([]);
    }

    async function reach(from: Pod, to: Pod): Promise<string[]> {
      const process = await cluster.lab.process(placeOfPod(from));
      const probes = to.addresses.map(
        (address): ProbeOrder => ({
          protocol: "TCP",
          address: formatAddress(address),
          port: 80,
          expect: `${to.namespace}/${to.name}`,
          timeoutMs: 500,
        }),
      );
      const answers = await process.ask("probe", { probes, concurrency: 2 });
      return answers.map(({ outcome }) => outcome);
    }

    const podOf = ({ pods }: Cluster, name: string): Pod => pods.find((pod) => pod.name === name) as Pod;

    it("keeps enforcing while the API server is away, even where an agent starts anew; a reused address opens nothing", async () => {
      const truth = await cluster.truth();
      await cluster.api.killApi();
      await expectAgreement(truth);
      const [friend, server] = [podOf(truth, "friend"), podOf(truth, "server")];
      const thief: Pod = { ...friend, name: "thief" };
      const others = truth.pods.filter((pod) => pod !== friend);
      await cluster.lab.arrange({ ...truth, pods: [...others, thief] });
      const [node] = cluster.nodes;
      const expectClosed = async (): Promise<void> => {
        expect(await reach(thief, server)).toEqual(["timeout", "timeout"]);
        expect(await reach(thief, podOf(truth, "other"))).toEqual(["timeout", "timeout"]);
        expect(await reach(podOf(truth, "other"), thief)).toEqual(["timeout", "timeout"]);
      };
      await expectClosed();
      await node?.stop("SIGKILL");
      node?.start();
      await node?.logged("started");
      await expectClosed();
      expect((await node?.get("/readyz"))?.code).toBe(503);
      await expectAgreement({ ...truth, pods: others });
      await cluster.api.startApi();
      await cluster.deletePod("shop", "friend");
      const { addresses } = thief;
      await cluster.pod({ namespace: "shop", name: "thief", node: "node-1", labels: { app: "thief" }, addresses });
      await cluster.settle();
      await expectAgreement(await cluster.truth());
    });

    it("closes only the pods of a policy that is too large, names it once, and goes on with the rest", async () => {
      const values = Array.from({ length: 25_000 }, (_, index) => `v${index}`);
      await cluster.policy("shop", "hostile", {
        podSelector: { matchLabels: { app: "poor" } },
        ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: "app", operator: "In", values }] } }] }],
      });
      await cluster.policy("shop", "good", { podSelector: { matchLabels: { app: "other" } } });
      await cluster.settle();
      const truth = await cluster.truth();
      // None of the values is a pod's: closed is also what the policy says.
      await expectAgreement(truth);
      expect(await reach(podOf(truth, "thief"), podOf(truth, "poor"))).toEqual(["timeout", "timeout"]);
      for (const node of cluster.nodes) {
        const state = await node.state();
        expect(state?.policies).toContainEqual(
          expect.objectContaining({ name: "hostile", enforced: "closed", because: expect.stringContaining("terms") }),
        );
        const said = node.log.filter(({ policy }) => policy === "NetworkPolicy shop/hostile");
        expect(said.map(({ level, message }) => [level, message])).toEqual([
          ["error", "a policy cannot be used: its pods are closed"],
        ]);
        expect((await node.get("/metrics")).text).toContain('podwall_policies{enforced="closed"} 1\n');
      }
    });

    it("takes a policy of 1,900 rules and one of 1,900 blocks on one pod", async () => {
      const rules = Array.from({ length: 1_900 }, (_, index) => ({ ports: [{ port: 10_000 + index }] }));
      await cluster.policy("shop", "rules", { podSelector: { matchLabels: { app: "thief" } }, ingress: rules });
      const from = Array.from({ length: 1_900 }, (_, index) => ({
        ipBlock: { cidr: `20.${index >> 8}.${index & 255}.0/25` },
      }));
      await cluster.policy("shop", "blocks", { podSelector: { matchLabels: { app: "thief" } }, ingress: [{ from }] });
      const began = performance.now();
      await cluster.settle();
      const tookMs = performance.now() - began;
      process.stderr.write(`1,900 rules and 1,900 blocks on one pod in force after ${Math.round(tookMs)} ms\n`);
      await expectAgreement(await cluster.truth());
    });
  },
);
