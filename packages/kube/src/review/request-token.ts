import { asMapping } from "../as-mapping.ts";
import type { KubeClient } from "../client/kube-client.ts";
import { KubeError } from "../client/kube-error.ts";

export interface RequestTokenOptions {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Who may be shown the token; it is worth nothing to others, the API server among them. */
  readonly audience: string;
  /** At least 600, as the API has it. */
  readonly seconds: number;
  readonly signal?: AbortSignal;
}

/** A short-lived token of a service account (TokenRequest of authentication.k8s.io/v1). Rejects with a `KubeError`. */
export async function requestToken(client: KubeClient, options: RequestTokenOptions): Promise<string> {
  const { namespace, serviceAccount, audience, seconds, signal } = options;
  const parts = ["api", "v1", "namespaces", namespace, "serviceaccounts", serviceAccount, "token"];
  const answer = await client.call({
    method: "POST",
    path: parts.map((part) => `/${encodeURIComponent(part)}`).join(""),
    body: {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { audiences: [audience], expirationSeconds: seconds },
    },
    signal,
  });
  const token = asMapping(asMapping(answer)?.["status"])?.["token"];
  if (typeof token === "string" && token !== "") return token;
  throw new KubeError("garbled", `the server gave no token for the service account ${namespace}/${serviceAccount}`);
}
