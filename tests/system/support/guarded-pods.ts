import type { AgentCluster } from "./agent-cluster.ts";
import { definePolicyKind, writePolicy } from "./policy-kinds.ts";

type Labels = Readonly<Record<string, string>>;

/**
 * Writes, for pods of namespace `shop`, that `app: server` lets in `app: friend` and nobody else, and that `app: open` lets in all
 * but those with these labels, which an Admin Deny called `wall` keeps out.
 */
export async function guardPods(cluster: AgentCluster, denied: Labels): Promise<void> {
  const { admin } = cluster.api;
  await definePolicyKind(admin, "ClusterNetworkPolicy");
  await cluster.policy("shop", "server", {
    podSelector: { matchLabels: { app: "server" } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app: "friend" } } }] }],
  });
  const bad = { pods: { namespaceSelector: {}, podSelector: { matchLabels: denied } } };
  await writePolicy(admin, "ClusterNetworkPolicy", "wall", {
    tier: "Admin",
    priority: 10,
    subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: "open" } } } },
    ingress: [{ action: "Deny", from: [bad] }],
  });
}
