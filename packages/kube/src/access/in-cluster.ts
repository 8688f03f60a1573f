import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, systemClock } from "../clock.ts";
import { AccessError } from "./access-error.ts";
import type { ApiAccess } from "./api-access.ts";
import { bearer } from "./bearer.ts";
import { FileText } from "./file-text.ts";
import { renewedAccess } from "./renewed-access.ts";

export interface InClusterOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the kubelet mounts the pod's service account. */
  readonly folder?: string;
  readonly clock?: Clock;
}

/** Whether this process runs in a pod that was given the API server's address. */
export function isInCluster(env: InClusterOptions["env"]): boolean {
  return (env["KUBERNETES_SERVICE_HOST"] ?? "") !== "" && (env["KUBERNETES_SERVICE_PORT"] ?? "") !== "";
}

/** Access as the service account of the pod this process runs in. Rejects with an `AccessError`. */
export async function inClusterAccess({
  env,
  folder = "/var/run/secrets/kubernetes.io/serviceaccount",
  clock = systemClock,
}: InClusterOptions): Promise<ApiAccess> {
  if (!isInCluster(env)) {
    throw new AccessError("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: this is not a pod");
  }
  const token = new FileText(join(folder, "token"), clock);
  const ca = new FileText(join(folder, "ca.crt"), clock);
  await explainMount(Promise.all([token.read(), ca.read()]));
  return renewedAccess({
    name: `the service account in ${folder}`,
    server: serverOf(env["KUBERNETES_SERVICE_HOST"] ?? "", env["KUBERNETES_SERVICE_PORT"] ?? ""),
    namespace: await readNamespace(join(folder, "namespace")),
    source: {
      read: async () => ({
        headers: { authorization: bearer(await token.read(), token.path) },
        tls: { ca: await ca.read() },
      }),
      markStale() {
        token.markStale();
        ca.markStale();
      },
    },
  });
}

function serverOf(host: string, port: string): URL {
  const text = `https://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}`;
  if (URL.canParse(text)) return new URL(text);
  throw new AccessError(`KUBERNETES_SERVICE_HOST ${host} and KUBERNETES_SERVICE_PORT ${port} make no address`);
}

async function explainMount(read: Promise<unknown>): Promise<void> {
  try {
    await read;
  } catch (error) {
    const mend = "is automountServiceAccountToken false for this pod or its service account?";
    throw new AccessError(`${(error as Error).message}; ${mend}`, { cause: error });
  }
}

async function readNamespace(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text.trim() || "default";
}
