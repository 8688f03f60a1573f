import { AccessError, KubeClient, KubeError, findAccess } from "@podwall/kube";
import { Fleet, type FleetOptions } from "./fleet.ts";

export interface OpenFleetOptions extends Omit<FleetOptions, "client"> {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly kubeconfig?: string;
  readonly context?: string;
}

export interface OpenFleet {
  readonly client: KubeClient;
  readonly fleet: Fleet;
  /** Of the kubeconfig's context, or of the pod this runs in. */
  readonly defaultNamespace: string;
}

/**
 * Does something with a cluster's agents. Gives what the process is to end with, where the cluster cannot be asked, and why:
 * 2 for credentials that are no good, 3 for an API server that does not answer or refuses.
 */
export async function withFleet<Value>(
  { env, kubeconfig, context, ...options }: OpenFleetOptions,
  use: (open: OpenFleet) => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly exitCode: 2 | 3; readonly because: string }> {
  let client: KubeClient | undefined;
  try {
    const names = {
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
      ...(context === undefined ? {} : { context }),
    };
    const access = await findAccess({ env, ...names });
    client = new KubeClient({ access, userAgent: "podwall" });
    return {
      value: await use({ client, fleet: new Fleet({ ...options, client }), defaultNamespace: access.namespace }),
    };
  } catch (error) {
    if (error instanceof AccessError) return { exitCode: 2, because: error.message };
    if (error instanceof KubeError) return { exitCode: 3, because: mendOf(error, options) };
    throw error;
  } finally {
    client?.close();
  }
}

function mendOf({ message, status }: KubeError, { namespace, serviceAccount }: Omit<FleetOptions, "client">): string {
  const isToken = message.includes("/serviceaccounts/");
  if (status?.code === 404 && isToken)
    return `${message}; the service account ${namespace}/${serviceAccount} may read the agents; name another with --agents-namespace and --reader`;
  if (status?.code === 403 && isToken) return `${message}; you need the right to create serviceaccounts/token for it`;
  return message;
}
