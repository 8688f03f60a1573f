import type { Outcome } from "./judge.ts";
import type { Round } from "../probing/read-rounds.ts";

/** How a connection went that was open when the policy came: its last answers, without and with the policy. */
export function judgeLive(before: readonly Round[], after: readonly Round[], isEnforcing: boolean): Outcome {
  const isOpen = (round: Round): boolean => round.get(0) === "open";
  if (!before.some(isOpen)) return unknown("could not be tried: no connection without any policy");
  if (!isEnforcing) return unknown("nothing to see, as policies are not enforced");
  const last = after.slice(-3);
  // A connection that was reset ends its client.
  if (!last.some(isOpen)) return { verdict: "open", seen: "cut: a connection that was open got no more answers" };
  return { verdict: "open", seen: "kept: a connection that was open went on, against the new policy" };
}

/** What new pods did at once that a policy isolates: their rounds, by pod. */
export function judgeStartup(pods: readonly (readonly Round[])[]): Outcome {
  const tried = pods.filter((rounds) => rounds.length > 0);
  const leaked = tried.filter((rounds) => rounds.some((round) => round.get(0) === "open"));
  if (leaked.length > 0) {
    const attempts = leaked.map((rounds) => rounds.filter((round) => round.get(0) === "open").length);
    const most = Math.max(...attempts);
    const seen = `${leaked.length} of ${tried.length} new pods got out, up to ${most} times`;
    return { verdict: "not", seen };
  }
  if (tried.length < pods.length)
    return unknown(`could not be tried: ${tried.length} of ${pods.length} new pods said anything`);
  const count = tried.reduce((sum, rounds) => sum + rounds.length, 0);
  return { verdict: "ok", seen: `${tried.length} new pods tried ${count} times from their start, and none got out` };
}

/** Whether kubelet still reaches a pod that a policy closes to everybody. */
export function judgeFromOwnNode(isReady: boolean, isEnforcing: boolean): Outcome {
  if (!isReady) return { verdict: "not", seen: "kubelet's readiness probe of a pod fails since a policy closes it" };
  if (!isEnforcing) return unknown("nothing to see, as policies are not enforced");
  return { verdict: "ok", seen: "kubelet's readiness probe reaches a pod that a policy closes" };
}

export function judgeRemoved(isIngressEnforced: boolean, isOpenAgain: boolean): Outcome {
  if (!isIngressEnforced) return unknown("nothing to see, as the policy was not enforced");
  return isOpenAgain
    ? { verdict: "ok", seen: "open again" }
    : { verdict: "not", seen: "still denied when the policy was gone" };
}

function unknown(seen: string): Outcome {
  return { verdict: "unknown", seen };
}
