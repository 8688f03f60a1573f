import type { KubeClient } from "../../../packages/kube/src/index.ts";

/** What the agent reads; the names are the API's. */
const readable = [
  { apiGroups: [""], resources: ["pods", "namespaces", "nodes"], verbs: ["get", "list", "watch"] },
  { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: ["list", "watch"] },
  { apiGroups: ["policy.networking.k8s.io"], resources: ["*"], verbs: ["list", "watch"] },
  {
    apiGroups: ["apiextensions.k8s.io"],
    resources: ["customresourcedefinitions"],
    resourceNames: ["clusternetworkpolicies", "adminnetworkpolicies", "baselineadminnetworkpolicies"].map(
      (plural) => `${plural}.policy.networking.k8s.io`,
    ),
    verbs: ["list", "watch"],
  },
  { apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] },
  { apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] },
];
const rbac = { group: "rbac.authorization.k8s.io", version: "v1" };
export const clusterRoles = { ...rbac, plural: "clusterroles" };
/** What the role of the user `agent` is called. */
export const agentRole = roleOf("agent");

/** Gives a user the rights of an agent, and no more; `without` is a resource to which it gets none. */
export async function letRead(admin: KubeClient, user: string, without?: string): Promise<void> {
  const role = { apiGroup: rbac.group, kind: "ClusterRole", name: roleOf(user) };
  const rules = readable.filter(({ resources }) => without === undefined || !resources.includes(without));
  await admin.create(clusterRoles, { metadata: { name: role.name }, rules });
  const subjects = [{ apiGroup: rbac.group, kind: "User", name: user }];
  await admin.create(
    { ...rbac, plural: "clusterrolebindings" },
    { metadata: { name: role.name }, roleRef: role, subjects },
  );
}

function roleOf(user: string): string {
  return `podwall-${user}`;
}
