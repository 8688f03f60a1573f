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
export async function definePolicyKind(
  admin: KubeClient,
  kind: PolicyKind,
  version: string = policyKinds[kind].version,
): Promise<void> {
  const { plural } = policyKinds[kind];
  const names = { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` };
  // The API server wants to know whether a group of Kubernetes' own was approved.
  const annotations = { "api-approved.kubernetes.io": "unapproved, a test's" };
  const metadata = { name: `${plural}.${group}`, annotations };
  const spec = { group, scope: "Cluster", names, versions: [definedVersion(version, true)] };
  await admin.create(definitions, { metadata, spec });
  await untilServed(admin, kind, version);
}

/** Lets a kind that is installed be served in these versions alone, and stored in the first. */
export async function servePolicyKind(admin: KubeClient, kind: PolicyKind, versions: readonly string[]): Promise<void> {
  const spec = { versions: versions.map((version, index) => definedVersion(version, index === 0)) };
  await admin.patch(definitions, { spec }, { name: `${policyKinds[kind].plural}.${group}` });
  for (const version of versions) await untilServed(admin, kind, version);
}

/** Takes a kind away with all its objects, and waits until its definition is gone. */
export async function removePolicyKind(admin: KubeClient, kind: PolicyKind): Promise<void> {
  const name = `${policyKinds[kind].plural}.${group}`;
  await admin.delete(definitions, { name });
  await until(`${kind} is gone`, () => isMissing(admin, pathOf(definitions, { name })));
}

function definedVersion(name: string, storage: boolean): object {
  const openAPIV3Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return { name, served: true, storage, schema: { openAPIV3Schema } };
}

function untilServed(admin: KubeClient, kind: PolicyKind, version: string): Promise<void> {
  return until(`${kind} is served`, async () => !(await isMissing(admin, pathOf({ ...policyKinds[kind], version }))));
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`not so after 30 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function isMissing(admin: KubeClient, path: string): Promise<boolean> {
  try {
    await admin.call({ path });
    return false;
  } catch (error) {
    if (error instanceof KubeError && error.status?.code === 404) return true;
    throw error;
  }
}

/** Writes a cluster-wide policy. */
export async function writePolicy(admin: KubeClient, kind: PolicyKind, name: string, spec: object): Promise<void> {
  const { version } = policyKinds[kind];
  await admin.create(policyKinds[kind], { apiVersion: `${group}/${version}`, kind, metadata: { name }, spec });
}
