import { type KubeClient, reviewAccess, reviewToken } from "@podwall/kube";
import type { Review } from "./guard.ts";

/** Tokens made to be shown to agents, and to nobody else. */
export const agentAudience = "podwall.dev";

const withinMs = 5_000;

/** Asks the API server: for a token that was made for agents, else for one that was made for the API server. */
export function kubeReview(client: KubeClient): Review {
  return async (token, path) => {
    const signal = AbortSignal.timeout(withinMs);
    const user =
      (await reviewToken(client, { token, audience: agentAudience, signal })) ??
      (await reviewToken(client, { token, signal }));
    if (user === undefined) return "nobody";
    return (await reviewAccess(client, { user, path, verb: "get", signal })) ? "allowed" : "denied";
  };
}
