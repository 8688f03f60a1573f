import {
  type Cluster,
  type Direction,
  type NetworkPolicy,
  type Pod,
  type Verdict,
  endpointOf,
  podKey,
  selects,
  verdict,
} from "@podwall/engine";
import { podKinds } from "./pod-kinds.ts";

/** A TCP connection to try: from a pod like `source`, to this very pod. */
export interface Trial {
  readonly source: Pod;
  readonly destination: Pod;
  readonly port: number;
}

/** What is wanted of a policy in one direction, and whether a trial was found for it. */
export interface Want {
  readonly policy: NetworkPolicy;
  readonly direction: Direction;
  readonly wanted: "allowed" | "denied";
  readonly trial: Trial | undefined;
}

/** Of the kinds that a policy selects, so many are looked at, and of the others. */
const mostSubjects = 3;
const mostPeers = 60;

/** Connections to declared ports of TCP: for each of these policies and directions one that it allows and one that it denies. */
export function sample(cluster: Cluster, policies: readonly NetworkPolicy[]): readonly Want[] {
  const kinds = podKinds(cluster);
  const chosen = new Map<string, Trial>();
  const sources = new Set<Pod>();
  const take = (trial: Trial): Trial => {
    const known = chosen.get(trialKey(trial)) ?? trial;
    chosen.set(trialKey(known), known);
    sources.add(known.source);
    return known;
  };
  return policies.flatMap((policy) => {
    const subjects = kinds
      .filter(({ namespace, labels }) => namespace === policy.namespace && selects(policy.podSelector, labels))
      .slice(0, mostSubjects);
    return policy.directions.flatMap((direction) => {
      // Those that try something anyway come first: each other is one more pod to start.
      const peers = [...kinds].toSorted((a, b) => Number(sources.has(b)) - Number(sources.has(a))).slice(0, mostPeers);
      const trials = subjects.flatMap((subject) =>
        peers.flatMap((peer) => (direction === "ingress" ? trialsOf(peer, subject) : trialsOf(subject, peer))),
      );
      const found = decidedBy(cluster, policy, direction, trials);
      return (["allowed", "denied"] as const).map((wanted) => {
        const trial = found[wanted];
        return { policy, direction, wanted, trial: trial && take(trial) };
      });
    });
  });
}

/** The first trials that a policy allows and denies in a direction; rather those that the other direction allows: they tell more. */
function decidedBy(
  cluster: Cluster,
  policy: NetworkPolicy,
  direction: Direction,
  trials: readonly Trial[],
): { readonly [Wanted in Want["wanted"]]: Trial | undefined } {
  const other = direction === "ingress" ? "egress" : "ingress";
  let allowed: Trial | undefined;
  let denied: Trial | undefined;
  let deniedByBoth: Trial | undefined;
  for (const trial of trials) {
    if (allowed !== undefined && denied !== undefined) break;
    const of = judged(cluster, trial);
    const { reason } = of[direction];
    if (reason.kind === "allowed-by-rule") {
      if (of.allowed && reason.matches.some((match) => match.policy === policy)) allowed ??= trial;
    } else if (reason.kind === "no-rule-matches" && reason.isolatedBy.includes(policy)) {
      if (of[other].allowed) denied ??= trial;
      else deniedByBoth ??= trial;
    }
  }
  return { allowed, denied: denied ?? deniedByBoth };
}

/** Every two kinds of pods, on every declared port. */
export function everything(cluster: Cluster): readonly Trial[] {
  const kinds = podKinds(cluster);
  return kinds.flatMap((source) => kinds.flatMap((destination) => trialsOf(source, destination)));
}

/** Each trial once. */
export function trialsIn(wants: readonly Want[]): readonly Trial[] {
  return [...new Set(wants.flatMap(({ trial }) => (trial === undefined ? [] : [trial])))];
}

function trialsOf(source: Pod, destination: Pod): readonly Trial[] {
  return destination.ports
    .filter(({ protocol }) => protocol === "TCP")
    .map(({ port }) => ({ source, destination, port }));
}

function judged(cluster: Cluster, { source, destination, port }: Trial): Verdict {
  // A pod like it, and so another one: to itself a pod is always allowed.
  const like = { ...source, name: `${source.name}-probe`, addresses: [] };
  return verdict(cluster, {
    source: { kind: "pod", pod: like },
    destination: endpointOf(destination),
    protocol: "TCP",
    port,
  });
}

function trialKey({ source, destination, port }: Trial): string {
  return `${podKey(source)} ${podKey(destination)} ${port}`;
}
