import type { BenchInput } from "./bench-input.ts";
import type { GeneratedApp, GeneratedCluster, GeneratedNamespace, GeneratedNode } from "./generated-cluster.ts";
import { type YamlMap, yamlText } from "./yaml-text.ts";

/** A file below the folder that is written. */
export interface ManifestFile {
  readonly path: string;
  readonly text: string;
}

/** The manifests as people keep them: nodes, cluster-wide policies, and a file for each namespace in its team's folder. */
export function manifestFiles(cluster: GeneratedCluster, { form }: Pick<BenchInput, "form">): ManifestFile[] {
  const { nodes, namespaces, clusterPolicies } = cluster;
  return [
    { path: "nodes.yaml", text: fileText(nodes.map(nodeManifest)) },
    ...(clusterPolicies.length === 0 ? [] : [{ path: "cluster-policies.yaml", text: fileText(clusterPolicies) }]),
    ...namespaces.map((namespace) => ({
      path: `${namespace.labels["team"] ?? "platform"}/${namespace.name}.yaml`,
      text: fileText(namespaceManifests(namespace, form)),
    })),
  ];
}

/** All of a cluster's objects with a pod for each pod, namespaces before what is in them. */
export function clusterObjects({ nodes, namespaces, clusterPolicies }: GeneratedCluster): YamlMap[] {
  return [
    ...nodes.map(nodeManifest),
    ...clusterPolicies,
    ...namespaces.flatMap((namespace) => namespaceManifests(namespace, "pods")),
  ];
}

function fileText(documents: readonly YamlMap[]): string {
  return documents.map(yamlText).join("---\n");
}

function nodeManifest({ name, labels, addresses, podCidrs }: GeneratedNode): YamlMap {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels },
    spec: { podCIDR: podCidrs[0] as string, podCIDRs: podCidrs },
    status: {
      addresses: [
        ...addresses.map((address) => ({ type: "InternalIP", address })),
        { type: "Hostname", address: name },
      ],
    },
  };
}

function namespaceManifests({ name, labels, apps, policies }: GeneratedNamespace, form: BenchInput["form"]): YamlMap[] {
  const manifest = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
  const workloads = apps.flatMap((app) =>
    form === "pods" ? podManifests(app, name) : [deploymentManifest(app, name)],
  );
  return [manifest, ...workloads, ...policies];
}

function podManifests({ name: app, ports, pods }: GeneratedApp, namespace: string): YamlMap[] {
  return pods.map(({ name, labels, node, addresses }) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels },
    spec: { nodeName: node, containers: [containerOf(app, ports)] },
    status: { phase: "Running", podIP: addresses[0] as string, podIPs: addresses.map((ip) => ({ ip })) },
  }));
}

function deploymentManifest({ name, labels, ports, pods }: GeneratedApp, namespace: string): YamlMap {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels },
    spec: {
      replicas: pods.length,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [containerOf(name, ports)] } },
    },
  };
}

function containerOf(name: string, ports: GeneratedApp["ports"]): YamlMap {
  return {
    name,
    image: `registry.example/${name}:1.0`,
    ports: ports.map(({ name: port, protocol, port: containerPort }) => ({ name: port, protocol, containerPort })),
  };
}
