import { AccessError } from "./access-error.ts";
import type { ApiAccess } from "./api-access.ts";
import { inClusterAccess, isInCluster } from "./in-cluster.ts";
import { type KubeconfigAccessOptions, kubeconfigAccess } from "./kubeconfig-access.ts";

/**
 * How kubectl would reach a cluster: by a kubeconfig where there is one, else as the pod this runs in. Rejects with an
 * `AccessError`.
 */
export async function findAccess(options: KubeconfigAccessOptions): Promise<ApiAccess> {
  const access = await kubeconfigAccess(options);
  if (access !== undefined) return access;
  const { env, clock } = options;
  if (isInCluster(env)) return inClusterAccess({ env, ...(clock === undefined ? {} : { clock }) });
  throw new AccessError(
    "there is no kubeconfig (neither KUBECONFIG nor ~/.kube/config), and this is not a pod; name one, or set KUBECONFIG",
  );
}
