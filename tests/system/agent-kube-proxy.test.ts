import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatAddress, parseAddress } from "../../packages/engine/src/index.ts";
import { type Place, type ProbeOutcome, outside, podAddresses } from "../../packages/lab/src/index.ts";
import { AgentCluster } from "./support/agent-cluster.ts";
import { buildTimeoutMs, proxyLacking, withKubernetes } from "./support/kube-binaries.ts";
import { KubeProxy, proxyUser } from "./support/kube-proxy.ts";
import { lacking, withPackets } from "./support/lacking.ts";

const services = { group: "", version: "v1", plural: "services" };
const slices = { group: "discovery.k8s.io", version: "v1", plural: "endpointslices" };
const [friendOutside = "", strangerOutside = ""] = ["203.0.113.10", "203.0.113.20"];
const [clusterAddress, plainPort, localPort] = ["10.96.0.50", 30_080, 30_081];

/** Pods of the namespace shop and the node each is on. */
const pods = { server: 2, friend: 1, stranger: 1, neighbour: 2, narrow: 1 } as const;
type PodName = keyof typeof pods;

for (const mode of ["nftables", "iptables"] as const) {
  describe.skipIf(lacking !== undefined || proxyLacking !== undefined)(
    withPackets(withKubernetes(`an agent beside kube-proxy in ${mode} mode`)),
    () => {
      let cluster: AgentCluster;
      const proxies: KubeProxy[] = [];

      beforeAll(async () => {
        cluster = await AgentCluster.open(2, { users: [proxyUser] });
        await cluster.namespace("shop");
        for (const [index, [name, node]] of Object.entries(pods).entries()) {
          // The API server's Services are of IPv4 here.
          const addresses = podAddresses(node, index + 1).slice(0, 1);
          await cluster.pod({ namespace: "shop", name, node: `node-${node}`, labels: { app: name }, addresses });
        }
        await cluster.policy("shop", "server", {
          podSelector: { matchLabels: { app: "server" } },
          ingress: [
            {
              from: [
                { podSelector: { matchExpressions: [{ key: "app", operator: "In", values: ["friend", "narrow"] }] } },
              ],
            },
            { from: [{ ipBlock: { cidr: `${friendOutside}/32` } }] },
          ],
        });
        // The port after translation: the Service's own is 8000.
        await cluster.policy("shop", "narrow", {
          podSelector: { matchLabels: { app: "narrow" } },
          policyTypes: ["Egress"],
          egress: [{ to: [{ podSelector: { matchLabels: { app: "server" } } }], ports: [{ port: 80 }] }],
        });
        await service("plain", { clusterIP: clusterAddress, nodePort: plainPort, policy: "Cluster" });
        await service("local", { clusterIP: "10.96.0.51", nodePort: localPort, policy: "Local" });
        const world = [friendOutside, strangerOutside].flatMap((text) => parseAddress(text) ?? []);
        await cluster.lab.arrangeOutside(world, []);
        await cluster.start();
        await cluster.lab.arrange(await cluster.truth());
        for (const node of cluster.nodes) proxies.push(await KubeProxy.start({ lab: cluster.lab, node, mode }));
        await cluster.settle();
        await translated();
      }, buildTimeoutMs);
      afterAll(async () => {
        for (const proxy of proxies) await proxy.stop();
        await cluster?.close();
      });

      interface ServiceOptions {
        readonly clusterIP: string;
        readonly nodePort: number;
        readonly policy: "Cluster" | "Local";
      }

      /** A Service of the server, with the endpoints that a controller would write. */
      async function service(name: string, { clusterIP, nodePort, policy }: ServiceOptions): Promise<void> {
        const { admin } = cluster.api;
        const at = { namespace: "shop" };
        const ports = [{ name: "web", port: 8000, targetPort: 80, nodePort }];
        const spec = { type: "NodePort", clusterIP, ports, externalTrafficPolicy: policy };
        await admin.create(services, { metadata: { name }, spec }, at);
        const addresses = podAddresses(pods.server, 1).slice(0, 1).map(formatAddress);
        await admin.create(
          slices,
          {
            metadata: { name, labels: { "kubernetes.io/service-name": name } },
            addressType: "IPv4",
            endpoints: [{ addresses, conditions: { ready: true }, nodeName: `node-${pods.server}` }],
            ports: [{ name: "web", port: 80, protocol: "TCP" }],
          },
          at,
        );
      }

      async function reach(from: Place, to: string, options: { readonly as?: string } = {}): Promise<ProbeOutcome> {
        const [address = "", port = ""] = to.split(":");
        const process = await cluster.lab.process(from);
        const order = { protocol: "TCP" as const, address, port: Number(port), expect: "shop/server", timeoutMs: 500 };
        const probes = [options.as === undefined ? order : { ...order, from: options.as }];
        const [answer] = await process.ask("probe", { probes, concurrency: 1 });
        return answer?.outcome ?? "unreachable";
      }

      const pod = (name: PodName): Place => ({ kind: "pod", key: `shop/${name}` });
      const node = (name: string): Place => ({ kind: "node", name });

      /** Waits for kube-proxy's rules on both nodes; nodes are never denied their own pods. */
      async function translated(): Promise<void> {
        const deadline = Date.now() + 60_000;
        const missing = async (): Promise<boolean> =>
          (await reach(pod("friend"), `${clusterAddress}:8000`)) !== "open" ||
          (await reach(node("node-2"), `${clusterAddress}:8000`)) !== "open";
        while (await missing()) {
          if (Date.now() > deadline) throw new Error(`no Service: ${proxies.map(({ said }) => said).join("\n")}`);
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
      }

      it("judges connections to a Service by the pods at both ends", async () => {
        const outcomes = Object.fromEntries(
          await Promise.all(
            (["friend", "narrow", "stranger", "neighbour"] as const).map(
              async (name) => [name, await reach(pod(name), `${clusterAddress}:8000`)] as const,
            ),
          ),
        );
        expect(outcomes).toEqual({ friend: "open", narrow: "open", stranger: "timeout", neighbour: "timeout" });
        expect(await reach(pod("stranger"), "10.96.0.51:8000")).toBe("timeout");
      });

      it("judges connections to a NodePort by their source, where the source is kept", async () => {
        expect(await reach(outside, `172.18.0.2:${localPort}`, { as: friendOutside })).toBe("open");
        expect(await reach(outside, `172.18.0.2:${localPort}`, { as: strangerOutside })).toBe("timeout");
        // From pods, by the node they are on.
        expect(await reach(pod("stranger"), `172.18.0.2:${plainPort}`)).toBe("timeout");
        expect(await reach(pod("neighbour"), `172.18.0.2:${plainPort}`)).toBe("timeout");
        expect(await reach(outside, `172.18.0.2:${plainPort}`, { as: strangerOutside })).toBe("timeout");
      });

      it("follows policies while both have their rules, and neither takes the other's for drift", async () => {
        await cluster.api.admin.delete(
          { group: "networking.k8s.io", version: "v1", plural: "networkpolicies" },
          { namespace: "shop", name: "server" },
        );
        await cluster.settle();
        expect(await reach(pod("stranger"), `${clusterAddress}:8000`)).toBe("open");
        expect(await reach(outside, `172.18.0.1:${plainPort}`, { as: strangerOutside })).toBe("open");
        for (const agent of cluster.nodes) expect(await agent.state()).toMatchObject({ ready: true, driftRepairs: 0 });
        await cluster.policy("shop", "server", { podSelector: { matchLabels: { app: "server" } }, ingress: [] });
        await cluster.settle();
        expect(await reach(pod("friend"), `${clusterAddress}:8000`)).toBe("timeout");
      });

      it("leaves kube-proxy's rules where they are when its own go", async () => {
        for (const agent of cluster.nodes) {
          await agent.stop();
          await agent.podwall("cleanup");
        }
        expect(await reach(pod("friend"), `${clusterAddress}:8000`)).toBe("open");
        expect(await reach(pod("stranger"), `172.18.0.2:${plainPort}`)).toBe("open");
      });
    },
  );
}
