import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cluster, type Pod, formatAddress, podKey } from "../../packages/engine/src/index.ts";
import { resources } from "../../packages/kube/src/index.ts";
import { placeOfPod, podAddresses } from "../../packages/lab/src/index.ts";
import { AgentCluster } from "./support/agent-cluster.ts";
import { buildTimeoutMs, kubeLacking, withKubernetes } from "./support/kube-binaries.ts";
import { lacking, withPackets } from "./support/lacking.ts";

/** Policies of pods `app: NAME`, which let in `app: friend` and have so many values that five of them are kept of a namespace. */
const sizes = new Map(
  ["first", "second", "third", "fourth", "fifth", "sixth"].map((name, index) => [name, 19_000 + index]),
);

describe.skipIf(lacking !== undefined || kubeLacking !== undefined)(
  withPackets(withKubernetes("a namespace whose policies are too much together")),
  () => {
    let cluster: AgentCluster;
    let truth: Cluster;

    beforeAll(async () => {
      cluster = await AgentCluster.open(1);
      await cluster.namespace("shop");
      for (const [index, app] of ["friend", "first", "sixth", "bystander"].entries()) {
        const addresses = podAddresses(1, index + 1);
        await cluster.pod({ namespace: "shop", name: app, node: "node-1", labels: { app }, addresses });
      }
      for (const [name, count] of sizes) await write(name, count);
      await cluster.start();
      truth = await cluster.truth();
      await cluster.lab.arrange(truth);
      await cluster.settle();
    }, buildTimeoutMs);
    afterAll(() => cluster?.close());

    function write(name: string, count: number): Promise<unknown> {
      const values = ["friend", ...Array.from({ length: count }, (_, index) => `v${index}`)];
      return cluster.policy("shop", name, {
        podSelector: { matchLabels: { app: name } },
        ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: "app", operator: "In", values }] } }] }],
      });
    }

    /** What comes of a connection from `friend`. */
    async function reach(name: string): Promise<readonly string[]> {
      const [friend, to] = ["friend", name].map((one) => truth.pods.find((pod) => pod.name === one) as Pod) as [
        Pod,
        Pod,
      ];
      const process = await cluster.lab.process(placeOfPod(friend));
      const probes = to.addresses.map((address) => ({
        protocol: "TCP" as const,
        address: formatAddress(address),
        port: 80,
        expect: podKey(to),
        timeoutMs: 500,
      }));
      return (await process.ask("probe", { probes, concurrency: 2 })).map(({ outcome }) => outcome);
    }

    it("has the pods of its largest closed, by name, and no others", async () => {
      const [node] = cluster.nodes;
      const { policies = [] } = (await node?.state()) ?? {};
      expect(policies.filter(({ enforced }) => enforced !== "as written").map(({ name }) => name)).toEqual(["sixth"]);
      expect(policies.find(({ name }) => name === "sixth")).toMatchObject({
        enforced: "closed",
        because: expect.stringContaining("more than 100000 parts together"),
      });
      expect(await reach("first")).toEqual(["open", "open"]);
      expect(await reach("sixth")).toEqual(["timeout", "timeout"]);
      expect(await reach("bystander")).toEqual(["open", "open"]);
    });

    it("has them open again once another is gone", async () => {
      await cluster.api.admin.delete(resources.networkPolicies, { namespace: "shop", name: "third" });
      const [node] = cluster.nodes;
      await node?.until(
        "open again",
        ({ policies = [], pending }) => policies.every(({ enforced }) => enforced === "as written") && !pending,
      );
      expect(await reach("sixth")).toEqual(["open", "open"]);
      expect(
        node?.log.filter(({ policy }) => policy === "NetworkPolicy shop/sixth").map(({ message }) => message),
      ).toEqual(["a policy cannot be used: its pods are closed", "a policy can be used again"]);
    });

    it("has the last good version of one in force that has no room any more", async () => {
      await write("third", 18_000);
      await cluster.settle();
      const { policies = [] } = (await cluster.nodes[0]?.state()) ?? {};
      expect(policies.find(({ name }) => name === "sixth")?.enforced).toBe("last good version");
      expect(await reach("sixth")).toEqual(["open", "open"]);
    });
  },
);
