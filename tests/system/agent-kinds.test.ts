import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KubeObject, resources } from "../../packages/kube/src/index.ts";
import { podAddresses } from "../../packages/lab/src/index.ts";
import { AgentCluster } from "./support/agent-cluster.ts";
import type { AgentNode } from "./support/agent-node.ts";
import { describeMismatch, mismatchesOf, predictedCells } from "./support/cells.ts";
import { buildTimeoutMs, kubeLacking, withKubernetes } from "./support/kube-binaries.ts";
import { lacking, withPackets } from "./support/lacking.ts";
import {
  type PolicyKind,
  definePolicyKind,
  policyKinds,
  removePolicyKind,
  servePolicyKind,
  writePolicy,
} from "./support/policy-kinds.ts";

const taint = "podwall.dev/not-ready";
const flags = ["--pod-interface-prefix", "pw", "--remove-taint", taint];
const foundWithinMs = 90_000;

describe.skipIf(lacking !== undefined || kubeLacking !== undefined)(
  withPackets(withKubernetes("agents and kinds that a cluster may get later")),
  () => {
    let cluster: AgentCluster;
    let one: AgentNode;

    beforeAll(async () => {
      cluster = await AgentCluster.open();
      [one] = cluster.nodes as [AgentNode];
      await allowPatch();
      await setTaints([
        { key: taint, effect: "NoSchedule" },
        { key: "other", effect: "NoSchedule" },
      ]);
      for (const team of ["a", "b"]) await cluster.namespace(team, { team });
      for (const [index, [namespace, node]] of (
        [
          ["a", 1],
          ["a", 2],
          ["b", 1],
          ["b", 2],
        ] as const
      ).entries()) {
        const addresses = podAddresses(node, index + 1);
        const name = `pod-${node}`;
        await cluster.pod({ namespace, name, node: `node-${node}`, labels: { app: name }, addresses });
      }
      await cluster.start(flags);
      await cluster.lab.arrange(await cluster.truth());
      await cluster.settle();
    }, buildTimeoutMs);
    afterAll(() => cluster?.close());

    async function allowPatch(): Promise<void> {
      const rbac = { group: "rbac.authorization.k8s.io", version: "v1" };
      const role = { apiGroup: rbac.group, kind: "ClusterRole", name: "podwall-taint" };
      const rules = [{ apiGroups: [""], resources: ["nodes"], verbs: ["patch"] }];
      const { admin } = cluster.api;
      await admin.create({ ...rbac, plural: "clusterroles" }, { metadata: { name: role.name }, rules });
      const subjects = [{ apiGroup: rbac.group, kind: "User", name: "agent" }];
      const binding = { metadata: { name: role.name }, roleRef: role, subjects };
      await admin.create({ ...rbac, plural: "clusterrolebindings" }, binding);
    }

    function setTaints(taints: readonly object[]): Promise<KubeObject> {
      return cluster.api.admin.patch(resources.nodes, { spec: { taints } }, { name: "node-1" });
    }

    async function taints(): Promise<readonly string[]> {
      const { spec } = await cluster.api.admin.get(resources.nodes, { name: "node-1" });
      return ((spec as { taints?: { key: string }[] }).taints ?? []).map(({ key }) => key);
    }

    const write = (kind: PolicyKind, name: string, spec: object): Promise<void> =>
      writePolicy(cluster.api.admin, kind, name, spec);

    async function everyAgent(what: string, name: string, isThere = true): Promise<void> {
      for (const node of cluster.nodes) {
        await node.until(
          what,
          ({ policies = [], pending }) => !pending && policies.some((policy) => policy.name === name) === isThere,
          foundWithinMs,
        );
      }
    }

    async function expectAgreement(): Promise<void> {
      const wrong = await mismatchesOf(cluster.lab, predictedCells(await cluster.truth(), { ports: [80, 8080] }));
      expect(wrong.map(describeMismatch)).toEqual([]);
    }

    const teamA = { namespaces: { matchLabels: { team: "a" } } };
    const teamB = { namespaces: { matchLabels: { team: "b" } } };

    it("take a taint off their node once all is in force, and leave the others", async () => {
      await one.logged("ready: pods may be placed on this node");
      expect(await taints()).toEqual(["other"]);
      const said = one.log.map(({ message }) => message);
      expect(said.indexOf("enforcing")).toBeLessThan(said.indexOf("ready: pods may be placed on this node"));
      // As where the Node is made anew.
      await setTaints([{ key: taint, effect: "NoExecute" }]);
      const deadline = Date.now() + 30_000;
      while ((await taints()).length > 0) {
        if (Date.now() > deadline) throw new Error("the taint stays");
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    });

    it("say what changed and why, and nothing where nothing does", async () => {
      await cluster.settle();
      const before = one.log.length;
      const { admin } = cluster.api;
      for (const beat of ["1", "2", "3"]) {
        // What a kubelet does all the time.
        const at = { name: "node-1", subresource: "status" };
        const conditions = [
          { type: "Ready", status: "True", message: beat, lastHeartbeatTime: new Date().toISOString() },
        ];
        await admin.patch(resources.nodes, { status: { conditions } }, at);
        await admin.patch(resources.pods, { metadata: { annotations: { beat } } }, { namespace: "a", name: "pod-1" });
      }
      await cluster.settle();
      expect(one.log.slice(before)).toEqual([]);
      await cluster.policy("a", "shut", { podSelector: {} });
      await cluster.settle();
      expect(one.log.slice(before)).toMatchObject([
        { level: "info", message: "changed", policies: "+NetworkPolicy a/shut", mode: "incremental" },
      ]);
      await admin.delete(resources.networkPolicies, { namespace: "a", name: "shut" });
      await cluster.settle();
      expect(one.log.at(-1)).toMatchObject({ message: "changed", policies: "-NetworkPolicy a/shut" });
    });

    it("enforce ClusterNetworkPolicies of a cluster that got the kind after they started", async () => {
      for (const kind of Object.keys(policyKinds) as PolicyKind[]) await definePolicyKind(cluster.api.admin, kind);
      await write("ClusterNetworkPolicy", "wall", {
        tier: "Admin",
        priority: 10,
        subject: teamA,
        ingress: [
          { action: "Accept", from: [teamB], protocols: [{ tcp: { destinationPort: { number: 80 } } }] },
          { action: "Deny", from: [teamB] },
        ],
      });
      await everyAgent("told of the policy", "wall");
      await expectAgreement();
      expect((await cluster.truth()).clusterPolicies.length).toBe(1);
    });

    it("enforce them anew after a start, and follow their changes", async () => {
      await one.stop();
      one.start(flags);
      await one.until("ready", ({ ready }) => ready);
      await expectAgreement();
      const spec = { tier: "Baseline", priority: 10, subject: teamA, ingress: [{ action: "Deny", from: [teamB] }] };
      const { metadata } = await cluster.api.admin.patch(policyKinds.ClusterNetworkPolicy, { spec }, { name: "wall" });
      for (const node of cluster.nodes)
        await node.until("up to date", ({ sources, pending }) => {
          const version = sources["clusternetworkpolicies"]?.version ?? 0;
          return !pending && version >= Number(metadata.resourceVersion);
        });
      await expectAgreement();
    });

    it("enforce the older kinds too", async () => {
      await write("AdminNetworkPolicy", "older", {
        priority: 5,
        subject: teamB,
        egress: [{ action: "Deny", to: [teamA], ports: [{ portNumber: { port: 8080, protocol: "TCP" } }] }],
      });
      await write("BaselineAdminNetworkPolicy", "default", {
        subject: teamB,
        ingress: [{ action: "Deny", from: [teamA] }],
      });
      await everyAgent("told of the policy", "older");
      await everyAgent("told of the policy", "default");
      await expectAgreement();
      expect((await cluster.truth()).clusterPolicies.length).toBe(3);
    });

    it("let go what is deleted", async () => {
      await cluster.api.admin.delete(policyKinds.ClusterNetworkPolicy, { name: "wall" });
      await everyAgent("told that it is gone", "wall", false);
      await expectAgreement();
    });

    it("let go a kind that is taken away, and enforce it once it is there again in the version that they read", async () => {
      const { admin } = cluster.api;
      const spec = { tier: "Admin", priority: 7, subject: teamA, ingress: [{ action: "Deny", from: [teamB] }] };
      await write("ClusterNetworkPolicy", "fence", spec);
      await everyAgent("told of the policy", "fence");
      await removePolicyKind(admin, "ClusterNetworkPolicy");
      await everyAgent("told that the kind is gone", "fence", false);
      await expectAgreement();
      await definePolicyKind(admin, "ClusterNetworkPolicy", "v1beta9");
      const unserved = "is installed, and not served as v1alpha2, so that its objects cannot be read";
      await one.logged(
        `clusternetworkpolicies: clusternetworkpolicies.policy.networking.k8s.io ${unserved}`,
        foundWithinMs,
      );
      await servePolicyKind(admin, "ClusterNetworkPolicy", ["v1beta9", "v1alpha2"]);
      await write("ClusterNetworkPolicy", "fence", spec);
      await everyAgent("told of the policy", "fence");
      await expectAgreement();
      expect((await cluster.truth()).clusterPolicies.some(({ name }) => name === "fence")).toBe(true);
    });
  },
);
