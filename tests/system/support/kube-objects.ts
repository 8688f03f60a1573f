import { type KubeClient, KubeError, resources } from "../../../packages/kube/src/index.ts";

/** A pod as small as the API takes one. */
export function smallPod(name: string, labels: Readonly<Record<string, string>> = {}) {
  const containers = [{ name: "main", image: "none" }];
  return { metadata: { name, labels }, spec: { containers, terminationGracePeriodSeconds: 0 } };
}

export async function createNamespace(admin: KubeClient, name: string): Promise<void> {
  await admin.create(resources.namespaces, { metadata: { name } });
}

/** Runs the work for all numbers below count, several at a time. */
export async function forAll(count: number, work: (index: number) => Promise<unknown>, parallel = 8): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

/** What the work gives, or undefined where the API refuses it with one of these reasons. */
export async function unlessRefused<Result>(
  reasons: readonly string[],
  work: Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof KubeError && reasons.includes(error.status?.reason ?? "")) return undefined;
    throw error;
  }
}

const clusterRoles = { group: "rbac.authorization.k8s.io", version: "v1", plural: "clusterroles" };
const bindings = { ...clusterRoles, plural: "clusterrolebindings" };

/** Lets a user or service account list and watch pods. */
export async function allowToRead(
  admin: KubeClient,
  subject: { readonly name: string; readonly kind: string; readonly [field: string]: string },
) {
  const name = `read-${subject.name}`;
  const rules = [{ apiGroups: [""], resources: ["pods"], verbs: ["list", "watch"] }];
  await admin.create(clusterRoles, { metadata: { name }, rules });
  const roleRef = { apiGroup: clusterRoles.group, kind: "ClusterRole", name };
  await admin.create(bindings, { metadata: { name }, roleRef, subjects: [subject] });
}
