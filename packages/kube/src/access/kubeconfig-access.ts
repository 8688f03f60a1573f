import { type Clock, systemClock } from "../clock.ts";
import { AccessError } from "./access-error.ts";
import type { ApiAccess } from "./api-access.ts";
import { Fields } from "./fields.ts";
import { type FoundKubeconfig, type KubeconfigPlace, findKubeconfig } from "./find-kubeconfig.ts";
import { readCluster } from "./kubeconfig-cluster.ts";
import { readUser } from "./kubeconfig-user.ts";
import { renewedAccess } from "./renewed-access.ts";

export interface KubeconfigAccessOptions extends KubeconfigPlace {
  /** The kubeconfig's current one where not given. */
  readonly context?: string | undefined;
  readonly clock?: Clock;
}

/**
 * Access by a context of the kubeconfig that kubectl would use. Undefined where there is no kubeconfig. Rejects with an
 * `AccessError` that names the file and the field.
 */
export async function kubeconfigAccess(options: KubeconfigAccessOptions): Promise<ApiAccess | undefined> {
  const found = await findKubeconfig(options);
  return found === undefined ? undefined : accessOf(found, options);
}

function accessOf(found: FoundKubeconfig, { context, clock = systemClock, env }: KubeconfigAccessOptions): ApiAccess {
  const contextName =
    context ?? found.currentContext ?? refuse(found, "no current-context is set; name one", "contexts");
  const chosen = pick(found, "contexts", contextName);
  const clusterName = chosen.text("cluster") ?? chosen.refuse("cluster", "is missing");
  const cluster = readCluster(pick(found, "clusters", clusterName), clock);
  const userName = chosen.text("user");
  const userFields = userName === undefined ? new Fields(chosen.file, "users", {}) : pick(found, "users", userName);
  const user = readUser(userFields, cluster, { clock, env });
  return renewedAccess({
    name: `context ${JSON.stringify(contextName)} of ${chosen.file}`,
    server: cluster.server,
    namespace: chosen.text("namespace") ?? "default",
    source: {
      async read() {
        const [ca, { headers, cert, key }] = await Promise.all([cluster.ca(), user.read()]);
        return {
          headers,
          tls: {
            ...(ca === undefined ? {} : { ca }),
            ...(cert === undefined ? {} : { cert }),
            ...(key === undefined ? {} : { key }),
            ...(cluster.serverName === undefined ? {} : { serverName: cluster.serverName }),
            ...(cluster.skipVerify ? { skipVerify: true } : {}),
          },
        };
      },
      markStale() {
        cluster.markStale();
        user.markStale();
      },
    },
  });
}

function pick(found: FoundKubeconfig, list: "clusters" | "users" | "contexts", name: string): Fields {
  return found[list].get(name) ?? refuse(found, `${list} has no entry named ${JSON.stringify(name)}`, list);
}

function refuse(found: FoundKubeconfig, what: string, list: "clusters" | "users" | "contexts"): never {
  const names = [...found[list].keys()].map((name) => JSON.stringify(name)).join(", ");
  throw new AccessError(`${found.files.join(", ")}: ${what}; there ${names === "" ? "are none" : `are ${names}`}`);
}
