import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as tlsConnect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { schemaErrors } from "../../apps/cli/src/testing/output-schema.ts";
import { formatAddress } from "../../packages/engine/src/index.ts";
import { requestToken, resources } from "../../packages/kube/src/index.ts";
import { certificates } from "../../packages/kube/src/testing/certificates.ts";
import { labNode, placeOfPod, podAddresses } from "../../packages/lab/src/index.ts";
import { AgentCluster } from "./support/agent-cluster.ts";
import type { AgentNode } from "./support/agent-node.ts";
import { AgentWays } from "./support/agent-ways.ts";
import { buildTimeoutMs, kubeLacking, withKubernetes } from "./support/kube-binaries.ts";
import { lacking, withPackets } from "./support/lacking.ts";

const rbac = { group: "rbac.authorization.k8s.io", version: "v1" };
const serviceAccounts = { group: "", version: "v1", plural: "serviceaccounts" };
const agentsNamespace = "podwall-system";
const flags = ["--pod-interface-prefix", "pw", "--listen", "0.0.0.0:9464"];

describe.skipIf(lacking !== undefined || kubeLacking !== undefined)(
  withPackets(withKubernetes("agents that others read")),
  () => {
    let ways: AgentWays;
    let cluster: AgentCluster;
    let one: AgentNode;
    let two: AgentNode;

    beforeAll(async () => {
      ways = await AgentWays.open();
      cluster = await AgentCluster.open(2, { users: ["scraper"], apiFlags: ways.apiFlags });
      [one, two] = cluster.nodes as [AgentNode, AgentNode];
      await cluster.namespace("shop");
      await cluster.namespace(agentsNamespace);
      await allowReaders();
      for (const node of cluster.nodes) {
        node.token = "scraper";
        node.scheme = "https";
        await agentPod(node.name);
      }
      const addresses = podAddresses(1, 1);
      await cluster.pod({ namespace: "shop", name: "web", node: "node-1", labels: { app: "web" }, addresses });
      await cluster.policy("shop", "first", { podSelector: {} });
      await cluster.start(flags);
      await cluster.lab.arrange(await cluster.truth());
      await cluster.settle();
    }, buildTimeoutMs);
    afterAll(async () => {
      await cluster?.close();
      await ways?.close();
    });

    /** As the chart does: whoever is bound to this role may read agents. */
    async function allowReaders(): Promise<void> {
      const { admin } = cluster.api;
      const role = { apiGroup: rbac.group, kind: "ClusterRole", name: "podwall-viewer" };
      const rules = [{ nonResourceURLs: ["/metrics", "/state"], verbs: ["get"] }];
      await admin.create({ ...rbac, plural: "clusterroles" }, { metadata: { name: role.name }, rules });
      for (const name of ["podwall-viewer", "other"])
        await admin.create(serviceAccounts, { metadata: { name } }, { namespace: agentsNamespace });
      const subjects = [
        { apiGroup: rbac.group, kind: "User", name: "scraper" },
        { kind: "ServiceAccount", name: "podwall-viewer", namespace: agentsNamespace },
      ];
      const binding = { metadata: { name: role.name }, roleRef: role, subjects };
      await admin.create({ ...rbac, plural: "clusterrolebindings" }, binding);
    }

    /** The DaemonSet's pod of a node, with the node's address; the API server finds it by a socket. */
    async function agentPod(node: string): Promise<void> {
      const number = Number(node.replace("node-", ""));
      const name = `podwall-${node}`;
      const metadata = { name, labels: { "app.kubernetes.io/name": "podwall" } };
      const spec = { nodeName: node, hostNetwork: true, containers: [{ name: "agent", image: "none" }] };
      await cluster.api.admin.create(resources.pods, { metadata, spec }, { namespace: agentsNamespace });
      const addresses = labNode(number, node).addresses.slice(0, 1);
      await cluster.addressPod({ namespace: agentsNamespace, name, addresses });
      const socket = cluster.nodes[number - 1]?.endpoints ?? "";
      for (const address of addresses) ways.routes.set(`${formatAddress(address)}:9464`, socket);
    }

    function token(serviceAccount: string, audience: string): Promise<string> {
      return requestToken(cluster.api.admin, { namespace: agentsNamespace, serviceAccount, audience, seconds: 600 });
    }

    const podwall = (...args: readonly string[]) =>
      one.tryPodwall([...args, "--kubeconfig", one.kubeconfig, "--context", "admin"]);

    describe("and their endpoints off loopback", () => {
      it("tell anybody whether they are well, and no more", async () => {
        for (const node of cluster.nodes) node.token = undefined;
        expect(await one.get("/healthz")).toEqual({ code: 200, text: "ok\n" });
        expect(await one.get("/readyz")).toEqual({ code: 200, text: "ok\n" });
        expect(await one.get("/state")).toMatchObject({ code: 401 });
        expect(await one.get("/metrics")).toMatchObject({ code: 401 });
        expect((await one.get("/self")).code).toBe(404);
        for (const node of cluster.nodes) node.token = "scraper";
      });

      it("speak TLS alone, with a certificate that they made for their node", async () => {
        const socket = tlsConnect({ path: one.endpoints, rejectUnauthorized: false });
        await once(socket, "secureConnect");
        const certificate = socket.getPeerX509Certificate();
        socket.destroy();
        expect(certificate).toMatchObject({ subject: "CN=podwall-agent", subjectAltName: "DNS:node-1" });
        one.scheme = "http";
        await expect(one.get("/healthz")).rejects.toThrow(/socket hang up|ECONNRESET/);
        one.scheme = "https";
      });

      it("serve with a certificate that they are given, which readers may verify", async () => {
        const { ca, serverCert, serverKey } = certificates;
        const folder = mkdtempSync(join(tmpdir(), "podwall-tls-"));
        onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
        const [cert, key] = [join(folder, "tls.crt"), join(folder, "tls.key")];
        writeFileSync(cert, serverCert);
        writeFileSync(key, serverKey);
        await two.stop();
        two.start([...flags, "--tls-cert-file", cert, "--tls-private-key-file", key]);
        await two.until("ready", ({ ready }) => ready);
        const socket = tlsConnect({ path: two.endpoints, ca, servername: "kubernetes" });
        await once(socket, "secureConnect");
        expect(socket.authorized).toBe(true);
        socket.destroy();
        // The API server's proxy takes it as well.
        expect((await podwall("status")).stdout).toMatch(/^node-2 +ready/m);
        const from = ["agent", "--kubeconfig", two.kubeconfig, "--listen", "127.0.0.1:9465"];
        const mixed = await two.tryPodwall([...from, "--tls-cert-file", cert, "--tls-private-key-file", cert]);
        expect(mixed).toMatchObject({ code: 2, stderr: expect.stringContaining(`${cert} holds no private key`) });
      });

      it("speak plainly to anybody where they were told to, and are shown no token then", async () => {
        onTestFinished(async () => {
          await two.stop();
          [two.scheme, two.token] = ["https", "scraper"];
          two.start(flags);
          await cluster.settle();
        });
        await two.stop();
        two.start([...flags, "--insecure-listen"]);
        two.scheme = "http";
        two.token = undefined;
        await two.until("ready", ({ ready }) => ready);
        const guarded = await podwall("status");
        expect(guarded.stdout).toMatch(/^node-2 +no answer .*--agents-insecure/m);
        // Needs no right to make a token.
        const insecure = await podwall("status", "--agents-insecure", "--reader", "nobody");
        expect(insecure.stdout).toMatch(/^node-2 +ready/m);
      });

      it("let in whom the API server lets", async () => {
        expect((await one.get("/metrics", "scraper")).text).toContain("podwall_ready 1");
        expect(await one.get("/metrics", "agent")).toMatchObject({
          code: 403,
          text: expect.stringContaining("/metrics"),
        });
        expect(await one.get("/state", "nonsense")).toMatchObject({ code: 401 });
        expect((await one.get("/state", await token("podwall-viewer", "podwall.dev"))).code).toBe(200);
        const forApi = await token("podwall-viewer", "https://kubernetes.default.svc");
        expect((await one.get("/state", forApi)).code).toBe(200);
        expect((await one.get("/state", await token("other", "podwall.dev"))).code).toBe(403);
        expect((await one.get("/state", await token("podwall-viewer", "somebody.else"))).code).toBe(401);
      });

      it("let nobody new in while the API server is away", async () => {
        const late = await token("podwall-viewer", "podwall.dev");
        await cluster.api.killApi();
        expect((await one.get("/state", late)).code).toBe(503);
        expect((await one.get("/healthz")).code).toBe(200);
        await cluster.api.startApi();
        expect((await one.get("/state", late)).code).toBe(200);
        await cluster.settle();
      });
    });

    describe("podwall status", () => {
      it("says on how many nodes each policy is enforced, and how long it took", async () => {
        await cluster.policy("shop", "second", { podSelector: { matchLabels: { app: "web" } } });
        await cluster.settle();
        const { code, stdout, stderr } = await podwall("status");
        expect([code, stderr]).toEqual([0, ""]);
        expect(stdout).toMatch(/^NetworkPolicy shop\/first +1 +2 of 2 nodes$/m);
        expect(stdout).toMatch(/^NetworkPolicy shop\/second +1 +2 of 2 nodes +[\d.]+ ms$/m);
        expect(stdout).toMatch(/^node-1 +ready +1$/m);
      });

      it("names what is not as written: a node without an agent, one that does not answer, pods, drift", async () => {
        const { admin } = cluster.api;
        await admin.create(resources.nodes, { metadata: { name: "node-3" } });
        const windows = { "kubernetes.io/os": "windows" };
        await admin.create(resources.nodes, { metadata: { name: "node-4", labels: windows } });
        await cluster.pod({
          namespace: "shop",
          name: "lost",
          node: "node-1",
          labels: {},
          addresses: podAddresses(1, 9),
        });
        await one.podwall("cleanup");
        await one.logged("something else changed podwall's table; it is as it should be again");
        await one.until("told of the pod", ({ closedPods = [] }) => closedPods.length > 0);
        await two.stop();
        const { code, stdout } = await podwall("status", "--format", "json");
        expect([code, schemaErrors(JSON.parse(stdout))]).toEqual([1, []]);
        expect(JSON.parse(stdout)).toMatchObject({
          apiVersion: "podwall.dev/v1",
          kind: "ClusterStatus",
          nodes: [
            { node: "node-1", state: "ready", driftRepairs: 1 },
            { node: "node-2", state: "no answer" },
            { node: "node-3", state: "no agent" },
          ],
          closedPods: [{ pod: "shop/lost", node: "node-1", because: "this node has no route to its address" }],
        });
        const second = JSON.parse(stdout).policies.find(({ name }: { name: string }) => name === "second");
        expect(second).toMatchObject({ generation: 1, resourceVersion: expect.any(String), enforcedOn: 1, of: 3 });
        const text = await podwall("status");
        expect(text.stdout).toMatch(/^ {2}node-3: it has no agent$/m);
        await admin.delete(resources.nodes, { name: "node-3" });
        await cluster.deletePod("shop", "lost");
        two.start(flags);
        await cluster.settle();
        expect((await podwall("status")).code).toBe(0);
      });

      it("says what it lacks where it cannot ask", async () => {
        const asAgent = ["--kubeconfig", one.kubeconfig, "--context", "agent"];
        const refused = await one.tryPodwall(["status", ...asAgent]);
        expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining("serviceaccounts/token") });
        const missing = await podwall("status", "--reader", "nobody");
        expect(missing).toMatchObject({ code: 3, stderr: expect.stringContaining("--reader") });
        expect((await one.tryPodwall(["status", "--kubeconfig", "/missing"])).code).toBe(2);
      });
    });

    describe("a policy that is deleted and enforced still", () => {
      it("is named by status, and waited for", async () => {
        const { admin } = cluster.api;
        const forDeletion = (timeout: string) =>
          podwall("wait", "--for=delete", "netpol/old", "-n", "shop", "--timeout", timeout);
        await cluster.policy("shop", "old", { podSelector: {}, policyTypes: ["Egress"] });
        await cluster.settle();
        expect(await forDeletion("1ms")).toMatchObject({
          code: 1,
          stderr: expect.stringContaining("NetworkPolicy shop/old: it is not deleted"),
        });
        one.signalNft("SIGSTOP");
        await admin.delete(resources.networkPolicies, { namespace: "shop", name: "old" });
        await one.until("busy with it", ({ pending }) => pending);
        const waiting = forDeletion("60s");
        const [status, text, late, all] = await Promise.all([
          podwall("status", "--format", "json"),
          podwall("status"),
          forDeletion("1ms"),
          podwall("wait", "--all", "--timeout", "1ms"),
        ]);
        const because = "its agent is putting a change in force";
        expect(status.code).toBe(1);
        expect(JSON.parse(status.stdout).deletedPolicies).toEqual([
          { kind: "NetworkPolicy", namespace: "shop", name: "old", stillOn: [{ node: "node-1", because }] },
        ]);
        expect(text.stdout).toMatch(/^NetworkPolicy shop\/old +1 node$/m);
        expect(late).toMatchObject({ code: 1, stderr: expect.stringContaining(`shop/old on node-1: ${because}`) });
        expect(all).toMatchObject({
          code: 1,
          stderr: expect.stringContaining(`NetworkPolicy shop/old, which is deleted, on node-1: ${because}`),
        });
        one.signalNft("SIGCONT");
        expect(await waiting).toMatchObject({
          code: 0,
          stdout: "NetworkPolicy shop/old is deleted, and enforced nowhere\n",
        });
        await cluster.settle();
        expect((await podwall("status")).code).toBe(0);
        expect((await podwall("wait", "--all")).code).toBe(0);
        // What was never there is gone as well.
        expect((await podwall("wait", "--for=delete", "cnp/none")).code).toBe(0);
      });
    });

    describe("podwall wait", () => {
      it("ends when a policy is enforced on every node, and not before", async () => {
        const { admin } = cluster.api;
        two.way.cut();
        await admin.patch(
          resources.networkPolicies,
          { spec: { podSelector: {} } },
          { namespace: "shop", name: "second" },
        );
        const late = await podwall("wait", "netpol/second", "-n", "shop", "--timeout", "2s");
        expect(late.code).toBe(1);
        // Cut off from the API server, its agent lets nobody read what it enforces.
        expect(late.stderr).toContain("NetworkPolicy shop/second on node-2: 503");
        expect(late.stderr).not.toContain("on node-1");
        const waiting = podwall("wait", "shop/netpol/second", "--timeout", "60s");
        two.way.open();
        expect(await waiting).toMatchObject({ code: 0, stdout: "NetworkPolicy shop/second is enforced\n" });
        expect((await podwall("wait", "--all")).code).toBe(0);
      });

      it("ends when a pod is enforced on its node", async () => {
        const addresses = podAddresses(2, 7);
        await cluster.pod({ namespace: "shop", name: "late", node: "node-2", labels: { app: "web" }, addresses });
        const askEarly = () => podwall("wait", "shop/pod/late", "--timeout", "1s");
        let early = await askEarly();
        // An agent that the API server was taken from a while ago says that first, until it hears of pods again.
        for (let tries = 0; early.stderr.includes("cannot speak to") && tries < 30; tries++) early = await askEarly();
        expect(early).toMatchObject({ code: 1, stderr: expect.stringContaining("no route to its address") });
        const waiting = podwall("wait", "pod/late", "-n", "shop");
        await cluster.lab.arrange(await cluster.truth());
        expect(await waiting).toMatchObject({ code: 0, stdout: "Pod shop/late is enforced\n" });
      });

      it("lets an init container go on only when its own pod is enforced", async () => {
        const truth = await cluster.truth();
        const web = truth.pods.find(({ name }) => name === "web");
        if (web === undefined) throw new Error("no pod to take after");
        const pod = { ...web, name: "new", addresses: podAddresses(1, 5) };
        await cluster.lab.arrange({ ...truth, pods: [...truth.pods, pod] });
        const enter = cluster.lab.command(placeOfPod(pod));
        const self = (timeout: string) =>
          one.tryPodwall(["wait", "--self", "--agent", "172.18.0.1:9464", "--timeout", timeout], enter);
        expect(await self("1s")).toMatchObject({ code: 1, stderr: expect.stringContaining("closed still") });
        const waiting = self("60s");
        await cluster.pod({ namespace: "shop", name: "new", node: "node-1", labels: {}, addresses: pod.addresses });
        expect(await waiting).toMatchObject({ code: 0, stdout: "Pod shop/new is enforced\n" });
        // Another node's agent knows nothing of it.
        const wrong = ["wait", "--self", "--agent", "172.18.0.2:9464", "--timeout", "1s"];
        expect((await one.tryPodwall(wrong, enter)).code).toBe(1);
      });

      it("tells wrong usage from what is not there", async () => {
        expect((await podwall("wait")).code).toBe(2);
        expect((await podwall("wait", "deployment/web")).code).toBe(2);
        expect((await podwall("wait", "shop/cnp/web")).code).toBe(2);
        expect(await podwall("wait", "netpol/none")).toMatchObject({
          code: 2,
          stderr: expect.stringContaining("no Net"),
        });
        expect((await one.tryPodwall(["wait", "--self"])).stderr).toContain("HOST_IP");
      });
    });
  },
);
