import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatAddress, parseAddress } from "../../packages/engine/src/index.ts";
import { resources } from "../../packages/kube/src/index.ts";
import { podAddresses } from "../../packages/lab/src/index.ts";
import { AgentCluster } from "./support/agent-cluster.ts";
import { describeMismatch, mismatchesOf, predictedCells } from "./support/cells.ts";
import { buildTimeoutMs, kubeLacking, withKubernetes } from "./support/kube-binaries.ts";
import { lacking, withPackets } from "./support/lacking.ts";

const outside = ["203.0.113.10", "2001:db8::10"].flatMap((text) => parseAddress(text) ?? []);

describe.skipIf(lacking !== undefined || kubeLacking !== undefined)(
  withPackets(withKubernetes("podwall agent with a real API server")),
  () => {
    let cluster: AgentCluster;

    beforeAll(async () => {
      cluster = await AgentCluster.open();
      const listeners = outside.flatMap((address) =>
        (["TCP", "UDP"] as const).flatMap((protocol) =>
          [80, 8080].map((port) => ({ protocol, address: formatAddress(address), port })),
        ),
      );
      await cluster.lab.arrangeOutside(outside, listeners);
      await cluster.namespace("shop", { team: "a" });
      await cluster.namespace("other", { team: "b" });
      for (const [index, [namespace, app, node]] of (
        [
          ["shop", "web", 1],
          ["shop", "api", 2],
          ["shop", "db", 1],
          ["other", "web", 2],
          ["other", "job", 1],
        ] as const
      ).entries()) {
        const addresses = podAddresses(node, index + 1);
        await cluster.pod({ namespace, name: app, node: `node-${node}`, labels: { app }, addresses });
      }
      await cluster.start();
      await cluster.lab.arrange(await cluster.truth());
      await cluster.settle();
    }, buildTimeoutMs);
    afterAll(() => cluster?.close());

    async function expectAgreement(): Promise<void> {
      const truth = await cluster.truth();
      const cells = predictedCells(truth, { outside, ports: [80, 8080] });
      const wrong = await mismatchesOf(cluster.lab, cells);
      expect(wrong.map(describeMismatch)).toEqual([]);
    }

    it("lets everything pass where no policy is", async () => {
      await expectAgreement();
    });

    it("enforces what is written to the API, on every pair", async () => {
      await cluster.policy("shop", "db", {
        podSelector: { matchLabels: { app: "db" } },
        ingress: [{ from: [{ podSelector: { matchLabels: { app: "api" } } }], ports: [{ port: "web" }] }],
      });
      await cluster.policy("shop", "web", {
        podSelector: { matchLabels: { app: "web" } },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: "b" } } }] }],
        egress: [{ to: [{ ipBlock: { cidr: "203.0.113.0/24" } }] }],
      });
      await cluster.settle();
      await expectAgreement();
    });

    it("follows relabelled namespaces and pods, changed and deleted policies", async () => {
      const { admin } = cluster.api;
      await admin.patch(resources.namespaces, { metadata: { labels: { team: "c" } } }, { name: "other" });
      await admin.patch(resources.pods, { metadata: { labels: { app: "api" } } }, { namespace: "shop", name: "web" });
      await admin.delete(resources.networkPolicies, { namespace: "shop", name: "db" });
      await cluster.settle();
      await expectAgreement();
    });

    it("says what it does on its endpoints", async () => {
      const [node] = cluster.nodes;
      expect(await node?.get("/healthz")).toEqual({ code: 200, text: "ok\n" });
      expect((await node?.get("/readyz"))?.code).toBe(200);
      expect((await node?.get("/else"))?.code).toBe(404);
      const { text = "" } = (await node?.get("/metrics")) ?? {};
      expect(text).toContain('podwall_objects{kind="pods"} 6\n');
      expect(text).toMatch(/^podwall_event_to_kernel_seconds_count [1-9]/m);
      const state = await node?.state();
      expect(state?.policies).toContainEqual(
        expect.objectContaining({ name: "web", generation: 1, enforced: "as written" }),
      );
    });

    it("stops when told to, and the rules stay; another goes on with them, and cleanup takes them away", async () => {
      const [node] = cluster.nodes;
      expect(await node?.stop()).toBe(0);
      const netns = cluster.lab.inside({ kind: "node", name: "node-1" }).netns;
      const tables = (): Promise<string> => cluster.lab.world.run(["nft", "list", "tables"], { netns });
      expect(await tables()).toMatch(/inet podwall$/m);
      await expectAgreement();
      node?.start();
      await node?.until("ready", ({ ready }) => ready);
      expect(node?.log.map(({ message }) => message)).toContain(
        "keeping the rules that are in the kernel until all is known",
      );
      await expectAgreement();
      await node?.stop("SIGKILL");
      expect(await node?.podwall("cleanup")).toBe("podwall's rules are gone\n");
      expect(await tables()).not.toMatch(/inet podwall$/m);
      expect(await node?.podwall("cleanup")).toBe("podwall had no rules here\n");
    });

    it("builds the rules anew where somebody deletes them", async () => {
      const [node] = cluster.nodes;
      node?.start();
      await node?.until("ready", ({ ready }) => ready);
      expect(await node?.podwall("cleanup")).toBe("podwall's rules are gone\n");
      await node?.logged("something else changed podwall's table; it is as it should be again");
      await node?.until("up to date", ({ ready, pending }) => ready && !pending);
      await expectAgreement();
    });

    it("refuses what it cannot use, and to listen where nobody can be asked who reads", async () => {
      const [node] = cluster.nodes;
      await expect(node?.podwall("agent", "-f", ".", "--listen", "0.0.0.0:9464")).rejects.toThrow("--insecure-listen");
      await expect(node?.podwall("agent", "--listen", "9464")).rejects.toThrow("an address and a port");
      await expect(node?.podwall("agent", "--kubeconfig", "/missing")).rejects.toThrow("/missing");
    });
  },
);
