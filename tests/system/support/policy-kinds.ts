import { type KubeClient, KubeError, type Resource, pathOf } from "../../../packages/kube/src/index.ts";

const group = "policy.networking.k8s.io";
const definitions = { group: "apiextensions.k8s.io", version: "v1", plural: "customresourcedefinitions" };

/** The kinds of cluster-wide policies, which an API server has only once they are installed. */
export const policyKinds = {
  ClusterNetworkPolicy: { group, version: "v1alpha2", plural: "clusternetworkpolicies" },
  AdminNetworkPolicy: { group, version: "v1alpha1", plural: "adminnetworkpolicies" },
  BaselineAdminNetworkPolicy: { group, version: "v1alpha1", plural: "baselineadminnetworkpolicies" },
} as const satisfies Readonly<Record<string, Resource>>;

export type PolicyKind = keyof typeof policyKinds;

/** Installs a kind as upstream's is, with a schema that takes all, and waits until it is served. */
export async function definePolicyKind(admin: KubeClient, kind: PolicyKind): Promise<void> {
  const { version, plural } = policyKinds[kind];
  const names = { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` };
  const openAPIV3Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  const versions = [{ name: version, served: true, storage: true, schema: { openAPIV3Schema } }];
  // The API server wants to know whether a group of Kubernetes' own was approved.
  const annotations = { "api-approved.kubernetes.io": "unapproved, a test's" };
  const metadata = { name: `${plural}.${group}`, annotations };
  await admin.create(definitions, { metadata, spec: { group, scope: "Cluster", names, versions } });
  const deadline = Date.now() + 30_000;
  while (!(await isServed(admin, kind))) {
    if (Date.now() > deadline) throw new Error(`${kind} is not served`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function isServed(admin: KubeClient, kind: PolicyKind): Promise<boolean> {
  try {
    await admin.call({ path: pathOf(policyKinds[kind]) });
    return true;
  } catch (error) {
    if (error instanceof KubeError && error.status?.code === 404) return false;
    throw error;
  }
}

/** Writes a cluster-wide policy. */
export async function writePolicy(admin: KubeClient, kind: PolicyKind, name: string, spec: object): Promise<void> {
  const { version } = policyKinds[kind];
  await admin.create(policyKinds[kind], { apiVersion: `${group}/${version}`, kind, metadata: { name }, spec });
}
