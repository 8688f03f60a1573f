import { profiles } from "../generate/profile.ts";
import { mixes } from "../generate/mix.ts";
import { generateCluster } from "../generate/generate-cluster.ts";
import type { GeneratedApp, GeneratedNamespace } from "../generate/generated-cluster.ts";
import { type ManifestFile, manifestFiles } from "../generate/manifests.ts";
import { type YamlMap, yamlText } from "../generate/yaml-text.ts";

/** What `podwall check` is measured on. */
export interface CheckInput {
  readonly name: string;
  readonly files: readonly ManifestFile[];
  readonly documents: number;
}

/** An application with a policy, as a person checks it while writing. */
export function oneFile(): CheckInput {
  const documents = manifestsOf("100/50").flatMap(({ text }) => text.split("---\n"));
  const first = ["Namespace", "Deployment", "Service", "NetworkPolicy"].flatMap(
    (kind) => documents.find((document) => document.includes(`\nkind: ${kind}\n`)) ?? [],
  );
  return inputOf("one file", [{ path: "shop.yaml", text: first.join("---\n") }]);
}

/**
 * A company's whole repository: a third of the namespaces with their pods, as a cluster gives them, and the others with
 * Deployments, as people write them; Services, NetworkPolicies, policies of both tiers, and kinds that podwall passes over.
 */
export function wholeRepository(): CheckInput {
  return inputOf("whole repository", manifestsOf("10k/2k"));
}

function inputOf(name: string, files: readonly ManifestFile[]): CheckInput {
  const documents = files.reduce((count, { text }) => count + text.split("---\n").length, 0);
  return { name, files, documents };
}

function manifestsOf(profileName: string): ManifestFile[] {
  const profile = profiles.find(({ name }) => name === profileName);
  const mix = mixes.find(({ name }) => name === "tiers");
  if (profile === undefined || mix === undefined) throw new Error(`there is no profile ${profileName}`);
  const cluster = generateCluster({ profile, mix, form: "pods", dualStack: false, seed: "1" });
  const withPods = cluster.namespaces.filter((_, index) => index % 3 === 0);
  const withDeployments = cluster.namespaces.filter((_, index) => index % 3 !== 0);
  const written = [
    ...manifestFiles({ ...cluster, namespaces: withDeployments }, { form: "deployments" }),
    ...manifestFiles({ nodes: [], clusterPolicies: [], namespaces: withPods }, { form: "pods" }),
  ].filter(({ text }) => text !== "");
  const besides = cluster.namespaces.map((namespace) => ({
    path: `besides/${namespace.name}.yaml`,
    text: besidesOf(namespace).map(yamlText).join("---\n"),
  }));
  return [...besides, ...written].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What stands beside pods and policies: Services, and kinds that say nothing about who may talk to whom. */
function besidesOf({ name: namespace, apps }: GeneratedNamespace): YamlMap[] {
  return apps.flatMap((app) => [
    serviceOf(app, namespace),
    configMapOf(app, namespace),
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: app.name, namespace, labels: app.labels } },
  ]);
}

function serviceOf({ name, labels, ports }: GeneratedApp, namespace: string): YamlMap {
  const servicePorts = ports.map(({ name: port, protocol, port: targetPort }) => ({
    name: port,
    protocol,
    port: targetPort,
    targetPort,
  }));
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, labels },
    spec: { selector: labels, ports: servicePorts },
  };
}

function configMapOf({ name, labels }: GeneratedApp, namespace: string): YamlMap {
  const settings = Object.fromEntries(
    Array.from({ length: 48 }, (_, index) => [`setting-${index}`, `${namespace}/${name}: value ${index}, # as text`]),
  );
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace, labels }, data: settings };
}
