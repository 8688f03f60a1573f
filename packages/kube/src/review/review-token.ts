import { asMapping } from "../as-mapping.ts";
import type { KubeClient } from "../client/kube-client.ts";
import { KubeError } from "../client/kube-error.ts";

/** Whom a token stands for, as the API server knows them. */
export interface ReviewedUser {
  readonly username: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

export interface ReviewTokenOptions {
  readonly token: string;
  /** For whom the token must have been made; the API server itself where not given. */
  readonly audience?: string;
  readonly signal?: AbortSignal;
}

/**
 * Asks the API server whose token this is (TokenReview of authentication.k8s.io/v1); undefined where it is nobody's, or was
 * made for others than the audience. Rejects with a `KubeError` where it cannot be told.
 */
export async function reviewToken(
  client: KubeClient,
  { token, audience, signal }: ReviewTokenOptions,
): Promise<ReviewedUser | undefined> {
  const answer = asMapping(
    await client.call({
      method: "POST",
      path: "/apis/authentication.k8s.io/v1/tokenreviews",
      body: {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenReview",
        spec: { token, ...(audience === undefined ? {} : { audiences: [audience] }) },
      },
      signal,
    }),
  );
  const status = asMapping(answer?.["status"]);
  if (status?.["authenticated"] !== true) return undefined;
  // A server that does not know audiences leaves them out: then the token was made for it, and not for us.
  if (audience !== undefined && !texts(status["audiences"]).includes(audience)) return undefined;
  const user = asMapping(status["user"]);
  const username = user?.["username"];
  if (typeof username !== "string" || username === "")
    throw new KubeError("garbled", "the server says that a token is good, and not whose it is");
  const uid = user?.["uid"];
  const extra = Object.entries(asMapping(user?.["extra"]) ?? {}).map(([key, values]) => [key, texts(values)]);
  return {
    username,
    uid: typeof uid === "string" ? uid : "",
    groups: texts(user?.["groups"]),
    extra: Object.fromEntries(extra),
  };
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
