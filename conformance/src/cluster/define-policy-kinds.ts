import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "./cluster.ts";

/**
 * Defines the kinds of network-policy-api, from the unpacked source of its module: the experimental channel, which has all of
 * the standard one. Agents that run already notice new kinds only after a while.
 */
export async function definePolicyKinds(policyApi: string, cluster: Cluster): Promise<void> {
  const definitions = join(policyApi, "config/crd/experimental");
  const files = readdirSync(definitions).filter((file) => file.startsWith("policy.networking.k8s.io_"));
  for (const file of files) await cluster.kubectl(["apply", "--server-side", "-f", join(definitions, file)]);
  await cluster.kubectl(["wait", "--for=condition=Established", "crd/clusternetworkpolicies.policy.networking.k8s.io"]);
}
