import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Address,
  type ApiObject,
  type Cluster,
  type ClusterNode,
  clusterFrom,
  decodeRaw,
  formatAddress,
  formatCidr,
} from "../../../packages/engine/src/index.ts";
import { KubeError, type Resource, listObjects, resources } from "../../../packages/kube/src/index.ts";
import { Lab, labNode } from "../../../packages/lab/src/index.ts";
import { bundlePrograms, podProgramSource } from "../../../packages/lab/src/testing.ts";
import { AgentNode } from "./agent-node.ts";
import { letRead } from "./agent-role.ts";
import { KubeApi, type KubeApiOptions } from "./kube-api.ts";

type Labels = Readonly<Record<string, string>>;

export interface ApiPod {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly labels: Labels;
  readonly addresses: readonly Address[];
}

const kinds: readonly (readonly [Resource, string, string])[] = [
  [resources.namespaces, "v1", "Namespace"],
  [resources.nodes, "v1", "Node"],
  [resources.pods, "v1", "Pod"],
  [resources.networkPolicies, "networking.k8s.io/v1", "NetworkPolicy"],
];
/** Kinds that only some tests' clusters have. */
const adminGroup = "policy.networking.k8s.io";
const optionalKinds: readonly (readonly [Resource, string, string])[] = [
  [resources.clusterNetworkPolicies, `${adminGroup}/v1alpha2`, "ClusterNetworkPolicy"],
  ...(["AdminNetworkPolicy", "BaselineAdminNetworkPolicy"] as const).map((kind): [Resource, string, string] => [
    { group: adminGroup, version: "v1alpha1", plural: `${kind.toLowerCase().slice(0, -1)}ies` },
    `${adminGroup}/v1alpha1`,
    kind,
  ]),
];

/** A real API server, nodes as namespaces, and on each of them the agent as a process of its own. */
export class AgentCluster {
  readonly api: KubeApi;
  readonly lab: Lab;
  readonly nodes: readonly AgentNode[];
  readonly #folders: readonly string[];
  readonly #nodeRanges: "told" | "untold";
  #marks = 0;

  private constructor(parts: {
    api: KubeApi;
    lab: Lab;
    nodes: AgentNode[];
    folders: string[];
    nodeRanges: "told" | "untold";
  }) {
    this.#nodeRanges = parts.nodeRanges;
    this.api = parts.api;
    this.lab = parts.lab;
    this.nodes = parts.nodes;
    this.#folders = parts.folders;
  }

  /** Agents are not started yet. `programs` is where podwall and the program of pods are bundled, if they are. */
  static async open(
    count = 2,
    {
      users = [],
      apiFlags = [],
      programs: bundled,
      nodeRanges = "told",
    }: KubeApiOptions & {
      readonly programs?: string;
      /** Whether Nodes have `podCIDRs`. */
      readonly nodeRanges?: "told" | "untold";
    } = {},
  ): Promise<AgentCluster> {
    const clusterNodes = Array.from({ length: count }, (_, index) => labNode(index + 1, `node-${index + 1}`));
    const cli = join(import.meta.dirname, "../../../apps/cli/src/main.ts");
    const programs = bundled ?? (await bundlePrograms({ podwall: cli, pod: podProgramSource }));
    const api = await KubeApi.start({ users: ["agent", ...users], apiFlags });
    const lab = await Lab.open({ podProgram: join(programs, "pod.mjs"), nodes: clusterNodes });
    const nodes: AgentNode[] = [];
    const folders = bundled === undefined ? [programs] : [];
    for (const { name } of clusterNodes) {
      const folder = await mkdtemp(join(tmpdir(), "podwall-agent-"));
      const program = join(programs, "podwall.mjs");
      folders.push(folder);
      nodes.push(await AgentNode.open({ lab, api, name, program, kubeconfigUser: "agent" }, folder));
    }
    const cluster = new AgentCluster({ api, lab, nodes, folders, nodeRanges });
    await cluster.#prepare(clusterNodes);
    return cluster;
  }

  async #prepare(nodes: readonly ClusterNode[]): Promise<void> {
    const { admin } = this.api;
    await letRead(admin, "agent");
    for (const { name, podCidrs, addresses } of nodes) {
      const cidrs = podCidrs.map(formatCidr);
      const spec = this.#nodeRanges === "told" ? { podCIDR: cidrs[0], podCIDRs: cidrs } : {};
      await admin.create(resources.nodes, { metadata: { name }, spec });
      const status = { addresses: addresses.map((one) => ({ type: "InternalIP", address: formatAddress(one) })) };
      await admin.patch(resources.nodes, { status }, { name, subresource: "status" });
    }
    await this.namespace("marks");
    await this.policy("marks", "mark", { podSelector: {}, policyTypes: ["Ingress"] });
    await admin.create(
      resources.pods,
      { metadata: { name: "mark" }, spec: { containers: [{ name: "main", image: "none" }] } },
      { namespace: "marks" },
    );
  }

  async start(flags?: readonly string[]): Promise<void> {
    for (const node of this.nodes) node.start(flags);
    for (const node of this.nodes) await node.until("ready", ({ ready }) => ready);
  }

  namespace(name: string, labels: Labels = {}): Promise<unknown> {
    return this.api.admin.create(resources.namespaces, { metadata: { name, labels } });
  }

  policy(namespace: string, name: string, spec: object): Promise<unknown> {
    return this.api.admin.create(resources.networkPolicies, { metadata: { name }, spec }, { namespace });
  }

  /** As a scheduler and a kubelet would: first the pod, placed, then its addresses. */
  async pod(pod: ApiPod): Promise<void> {
    await this.createPod(pod);
    await this.addressPod(pod);
  }

  async createPod({ namespace, name, node, labels }: Omit<ApiPod, "addresses">): Promise<void> {
    const ports = [80, 8080].flatMap((containerPort) =>
      ["TCP", "UDP"].map((protocol) => ({
        containerPort,
        protocol,
        ...(containerPort === 80 && protocol === "TCP" ? { name: "web" } : {}),
      })),
    );
    const spec = { nodeName: node, containers: [{ name: "main", image: "none", ports }] };
    await this.api.admin.create(resources.pods, { metadata: { name, labels }, spec }, { namespace });
  }

  addressPod({ namespace, name, addresses }: Pick<ApiPod, "namespace" | "name" | "addresses">): Promise<unknown> {
    const podIPs = addresses.map((address) => ({ ip: formatAddress(address) }));
    const status = { phase: "Running", podIP: podIPs[0]?.ip, podIPs };
    return this.api.admin.patch(resources.pods, { status }, { namespace, name, subresource: "status" });
  }

  deletePod(namespace: string, name: string): Promise<void> {
    return this.api.admin.delete(resources.pods, { namespace, name, query: { gracePeriodSeconds: 0 } });
  }

  /** What the API server has. */
  async truth(): Promise<Cluster> {
    const objects: ApiObject[] = [];
    for (const [resource, apiVersion, kind] of [...kinds, ...optionalKinds]) {
      for (const item of await this.#items(resource)) {
        const { object } = decodeRaw(item, { apiVersion, kind });
        if (object === undefined) throw new Error(`a ${kind} cannot be read`);
        objects.push(object);
      }
    }
    return clusterFrom(objects);
  }

  /** None of a kind that the cluster does not have. */
  async #items(resource: Resource): Promise<readonly unknown[]> {
    try {
      const signal = AbortSignal.timeout(30_000);
      return await listObjects({ client: this.api.admin, resource, signal, keep: (object) => object });
    } catch (error) {
      if (error instanceof KubeError && error.status?.code === 404) return [];
      throw error;
    }
  }

  /** Waits until every agent has put all in force that was written before. */
  async settle(): Promise<void> {
    const metadata = { labels: { mark: `m${++this.#marks}` } };
    const marked: [string, number][] = [];
    const marks: readonly (readonly [Resource, { readonly name: string; readonly namespace?: string }])[] = [
      [resources.namespaces, { name: "marks" }],
      [resources.nodes, { name: "node-1" }],
      [resources.pods, { namespace: "marks", name: "mark" }],
      [resources.networkPolicies, { namespace: "marks", name: "mark" }],
    ];
    for (const [resource, at] of marks) {
      const object = await this.api.admin.patch(resource, { metadata }, at);
      marked.push([resource.plural, Number(object.metadata.resourceVersion)]);
    }
    for (const node of this.nodes) {
      await node.until("up to date", ({ ready, pending, sources, closedPods = [] }) => {
        const seen = marked.every(([plural, version]) => (sources[plural]?.version ?? 0) >= version);
        return ready && !pending && seen && closedPods.every(({ because }) => because === "it has no address yet");
      });
    }
  }

  async close(): Promise<void> {
    for (const node of this.nodes) await node.close();
    await this.lab.close();
    await this.api.stop();
    for (const folder of this.#folders) await rm(folder, { recursive: true, force: true });
  }
}
