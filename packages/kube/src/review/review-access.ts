import { asMapping } from "../as-mapping.ts";
import type { KubeClient } from "../client/kube-client.ts";
import type { ReviewedUser } from "./review-token.ts";

export interface ReviewAccessOptions {
  readonly user: ReviewedUser;
  /** What is not the API's own, as `/metrics`: a rule of a ClusterRole names it in `nonResourceURLs`. */
  readonly path: string;
  /** As `get`. */
  readonly verb: string;
  readonly signal?: AbortSignal;
}

/**
 * Asks the API server whether somebody may do something (SubjectAccessReview of authorization.k8s.io/v1). Rejects with a
 * `KubeError` where it cannot be told.
 */
export async function reviewAccess(
  client: KubeClient,
  { user, path, verb, signal }: ReviewAccessOptions,
): Promise<boolean> {
  const { username, uid, groups, extra } = user;
  const answer = asMapping(
    await client.call({
      method: "POST",
      path: "/apis/authorization.k8s.io/v1/subjectaccessreviews",
      body: {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SubjectAccessReview",
        spec: { nonResourceAttributes: { path, verb }, user: username, uid, groups, extra },
      },
      signal,
    }),
  );
  const status = asMapping(answer?.["status"]);
  return status?.["allowed"] === true && status["denied"] !== true;
}
