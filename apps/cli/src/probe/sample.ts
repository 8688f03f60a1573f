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
const mostPeers = 200;

/** Connections to declared ports of TCP: for each policy and direction one that it allows and one that it denies. */
export function sample(cluster: Cluster): readonly Want[] {
  const kinds = podKinds(cluster);
  const chosen = new Map<string, Trial>();
  const sources = new Set<Pod>();
  const take = (trial: Trial): Trial => {
    const known = chosen.get(trialKey(trial)) ?? trial;
    chosen.set(trialKey(known), known);
    sources.add(known.source);
    return known;
  };
  return cluster.policies.flatMap((policy) =>
    policy.directions.flatMap((direction) => {
      const subjects = kinds
        .filter(({ namespace, labels }) => namespace === policy.namespace && selects(policy.podSelector, labels))
        .slice(0, mostSubjects);
      // Those that try something anyway come first: each other is one more pod to start.
      const peers = [...kinds].toSorted((a, b) => Number(sources.has(b)) - Number(sources.has(a))).slice(0, mostPeers);
      const trials = subjects.flatMap((subject) =>
        peers.flatMap((peer) => (direction === "ingress" ? trialsOf(peer, subject) : trialsOf(subject, peer))),
      );
      const find = (wanted: Want["wanted"]): Trial | undefined => {
        const fits = trials.filter((trial) => isBy(policy, direction, wanted, judged(cluster, trial)));
        // What only this direction decides tells more.
        const best = fits.find((trial) => otherSide(judged(cluster, trial), direction).allowed) ?? fits[0];
        return best && take(best);
      };
      return (["allowed", "denied"] as const).map((wanted) => ({ policy, direction, wanted, trial: find(wanted) }));
    }),
  );
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

function isBy(policy: NetworkPolicy, direction: Direction, wanted: Want["wanted"], of: Verdict): boolean {
  const { reason } = of[direction];
  if (wanted === "denied") return reason.kind === "no-rule-matches" && reason.isolatedBy.includes(policy);
  return of.allowed && reason.kind === "allowed-by-rule" && reason.matches.some((match) => match.policy === policy);
}

function otherSide(of: Verdict, direction: Direction): Verdict["ingress"] {
  return direction === "ingress" ? of.egress : of.ingress;
}

function trialKey({ source, destination, port }: Trial): string {
  return `${podKey(source)} ${podKey(destination)} ${port}`;
}
