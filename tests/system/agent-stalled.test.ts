import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cluster, type Pod, formatAddress, podKey } from "../../packages/engine/src/index.ts";
import { type PodProtocol, placeOfPod, podAddresses } from "../../packages/lab/src/index.ts";
import { AgentCluster } from "./support/agent-cluster.ts";
import type { AgentNode } from "./support/agent-node.ts";
import { agentRole, clusterRoles } from "./support/agent-role.ts";
import { guardPods } from "./support/guarded-pods.ts";
import { buildTimeoutMs, kubeLacking, withKubernetes } from "./support/kube-binaries.ts";
import { lacking, withPackets } from "./support/lacking.ts";
import { writePolicy } from "./support/policy-kinds.ts";
import { SeenPackets } from "./support/seen-packets.ts";

/** Those that are guarded, from all but friends and from `role: bad`, are on a node whose watches stand still. */
describe.skipIf(lacking !== undefined || kubeLacking !== undefined)(
  withPackets(withKubernetes("a node that hears nothing new")),
  () => {
    let cluster: AgentCluster;
    let stalled: AgentNode;
    let truth: Cluster;
    /** What reaches `server` and `open`. */
    let seen: readonly SeenPackets[];

    beforeAll(async () => {
      cluster = await AgentCluster.open();
      stalled = cluster.nodes[1] as AgentNode;
      await cluster.namespace("shop");
      await pod("server", 2, 1, { app: "server" });
      await pod("open", 2, 2, { app: "open" });
      await pod("local", 2, 3, { app: "friend" });
      await pod("friend", 1, 1, { app: "friend" });
      await pod("other", 1, 2, { app: "other" });
      await guardPods(cluster, { role: "bad" });
      const bad = { matchLabels: { team: "bad" } };
      await writePolicy(cluster.api.admin, "ClusterNetworkPolicy", "teams", {
        tier: "Admin",
        priority: 11,
        subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: "open" } } } },
        ingress: [{ action: "Deny", from: [{ namespaces: bad }] }],
      });
      await cluster.start();
      await arrange(await cluster.truth());
      await cluster.settle();
      for (const node of cluster.nodes) {
        await node.until("told of the wall", ({ policies = [] }) => policies.some(({ name }) => name === "wall"));
      }
      const places = ["server", "open"].map((name) => placeOfPod(podNamed(name)));
      seen = await Promise.all(places.map((place) => SeenPackets.at(cluster.lab, place)));
    }, buildTimeoutMs);
    afterAll(() => cluster?.close());

    async function pod(
      name: string,
      node: number,
      number: number,
      labels: Record<string, string>,
      namespace = "shop",
    ): Promise<void> {
      const addresses = podAddresses(node, number);
      await cluster.pod({ namespace, name, node: `node-${node}`, labels, addresses });
    }

    async function arrange(now: Cluster): Promise<void> {
      truth = now;
      await cluster.lab.arrange(now);
    }

    const podNamed = (name: string): Pod => truth.pods.find((one) => one.name === name) as Pod;

    /** What comes of a connection by each protocol and family. */
    async function reach(from: Pod, to: Pod, source?: string): Promise<readonly string[]> {
      const process = await cluster.lab.process(placeOfPod(from));
      const outcomes: string[] = [];
      for (const address of to.addresses) {
        if (source !== undefined && source.includes(":") !== (address.family === 6)) continue;
        for (const protocol of ["TCP", "UDP"] satisfies PodProtocol[]) {
          const order = { protocol, address: formatAddress(address), port: 80, expect: podKey(to), timeoutMs: 400 };
          const probes = [source === undefined ? order : { ...order, from: source }];
          const [answer] = await process.ask("probe", { probes, concurrency: 1 });
          outcomes.push(answer?.outcome ?? "none");
        }
      }
      return [...new Set(outcomes)];
    }

    it("goes on as it was", async () => {
      stalled.way.hold();
      expect(await reach(podNamed("friend"), podNamed("server"))).toEqual(["open"]);
      expect(await reach(podNamed("other"), podNamed("server"))).toEqual(["timeout"]);
      expect(await reach(podNamed("other"), podNamed("open"))).toEqual(["open"]);
    });

    it("lets in no pod that it does not know, by selector or where an Admin tier denies by one, and does once it hears", async () => {
      await pod("bad", 1, 3, { app: "friend", role: "bad" });
      await pod("good", 1, 4, { app: "friend", role: "good" });
      await arrange(await cluster.truth());
      const [first] = cluster.nodes;
      await first?.until("told of both", ({ closedPods, pending }) => !pending && closedPods?.length === 0);
      const [bad, good] = [podNamed("bad"), podNamed("good")];
      for (const name of ["server", "open"]) {
        expect(await reach(bad, podNamed(name)), `bad to ${name}`).toEqual(["timeout"]);
        expect(await reach(good, podNamed(name)), `good to ${name}`).toEqual(["timeout"]);
      }
      for (const one of seen) expect(await one.from([...bad.addresses, ...good.addresses])).toBe(0);
      // Their own node knows them, so what they lack is the other node's.
      expect(await reach(good, podNamed("other"))).toEqual(["open"]);
      stalled.way.open();
      await cluster.settle();
      expect(await reach(good, podNamed("server"))).toEqual(["open"]);
      expect(await reach(good, podNamed("open"))).toEqual(["open"]);
      expect(await reach(bad, podNamed("open"))).toEqual(["timeout"]);
    });

    it("gives a pod of its own with an earlier one's address nothing that was the earlier one's", async () => {
      stalled.way.hold();
      expect(await reach(podNamed("local"), podNamed("server"))).toEqual(["open"]);
      const local = podNamed("local");
      await cluster.deletePod("shop", "local");
      const thief: Pod = { ...local, name: "thief", labels: new Map([["app", "thief"]]) };
      await arrange({ ...truth, pods: [...truth.pods.filter((one) => one !== local), thief] });
      for (const one of seen) await one.forget();
      expect(await reach(thief, podNamed("server"))).toEqual(["timeout"]);
      expect(await reach(thief, podNamed("open"))).toEqual(["timeout"]);
      expect(await reach(podNamed("friend"), thief)).toEqual(["timeout"]);
      for (const one of seen) expect(await one.from(thief.addresses)).toBe(0);
      stalled.way.open();
      await pod("thief", 2, 3, { app: "thief" });
      await cluster.settle();
      expect(await reach(thief, podNamed("server"))).toEqual(["timeout"]);
      expect(await reach(thief, podNamed("open"))).toEqual(["open"]);
    });

    it("lets no pod speak from another's address", async () => {
      stalled.way.hold();
      const [friend, other] = [podNamed("friend"), podNamed("other")];
      const { netns } = cluster.lab.inside(placeOfPod(other));
      const spoofed = friend.addresses.map(formatAddress);
      const change = (verb: "add" | "del"): Promise<unknown> =>
        cluster.lab.world.ip(
          spoofed.map((text) => `addr ${verb} ${text}/${text.includes(":") ? 128 : 32} dev lo`),
          netns,
        );
      await change("add");
      for (const source of spoofed) expect(await reach(other, podNamed("server"), source)).toEqual(["timeout"]);
      await change("del");
      expect(await reach(friend, podNamed("server"))).toEqual(["open"]);
      stalled.way.open();
    });

    it("lets nothing pass of a pod whose namespace it has not heard of, whatever its labels may be, and does once it hears", async () => {
      const { admin } = cluster.api;
      const role = await admin.get(clusterRoles, { name: agentRole });
      const rules = role["rules"] as readonly { readonly resources: readonly string[] }[];
      const without = rules.map((rule) => ({
        ...rule,
        resources: rule.resources.filter((one) => one !== "namespaces"),
      }));
      await admin.patch(clusterRoles, { rules: without }, { name: agentRole });
      // A watch that is open goes on whatever becomes of the right to it.
      await cluster.api.killApi();
      await cluster.api.startApi();
      await cluster.namespace("later-bad", { team: "bad" });
      await cluster.namespace("later-good", { team: "good" });
      await pod("late-bad", 1, 5, {}, "later-bad");
      await pod("late-good", 1, 6, {}, "later-good");
      await arrange(await cluster.truth());
      const [first] = cluster.nodes;
      await first?.until("told of both", ({ closedPods = [] }) =>
        ["later-bad/late-bad", "later-good/late-good"].every((name) =>
          closedPods.some((one) => one.pod === name && one.because === "its namespace is not known yet"),
        ),
      );
      for (const one of seen) await one.forget();
      const [bad, good, open] = ["late-bad", "late-good", "open"].map(podNamed) as [Pod, Pod, Pod];
      expect(await reach(bad, open)).toEqual(["timeout"]);
      expect(await reach(good, open)).toEqual(["timeout"]);
      expect(await reach(podNamed("friend"), open)).toEqual(["open"]);
      for (const one of seen) expect(await one.from([...bad.addresses, ...good.addresses])).toBe(0);
      expect((await first?.get("/metrics"))?.text).toContain('podwall_source_failing{kind="namespaces"} 1\n');
      await admin.patch(clusterRoles, { rules }, { name: agentRole });
      await cluster.settle();
      expect(await reach(good, open)).toEqual(["open"]);
      expect(await reach(bad, open)).toEqual(["timeout"]);
      expect((await first?.get("/metrics"))?.text).toContain('podwall_source_failing{kind="namespaces"} 0\n');
    });
  },
);
