import type { Endpoint } from "../../evaluate/connection.ts";
import { endpointOf } from "../../evaluate/endpoint-of.ts";
import { type Pod, isSamePod, podKey } from "../../model/pod.ts";
import { allConnections, portsOf } from "../../net/connection-set.ts";
import type { MissingFact } from "../unknown/missing-fact.ts";
import { EndAnswers, type Seen } from "./end-answers.ts";
import { type AskedPort, onPort } from "./on-port.ts";
import type { Reach, Reached, ReachedPods } from "./reach.ts";
import { distinctFacts, reached, reachedText } from "./reached.ts";
import { reachedAddresses } from "./reached-addresses.ts";
import { reachedNames } from "./reached-names.ts";

/** Whom one end may exchange something with. */
export interface ReachQuestion {
  readonly end: Endpoint;
  /** Whether the end is the source. */
  readonly as: Reach["as"];
  /** On this port alone. */
  readonly port?: AskedPort;
  /** Whether addresses outside are meant, which no pod has, known or not. */
  readonly areOutside?: boolean;
}

/**
 * Everybody that an end may exchange something with, as its source or as its destination: each pod as itself, and all
 * addresses exactly. A pod is met at its first address of a family that the end has.
 */
export function reachOf(given: Seen, { end, as, port, areOutside = false }: ReachQuestion): Reach {
  const seen = port === undefined ? given : { ...given, cluster: onPort(given.cluster, port) };
  const only = port === undefined ? allConnections : portsOf(port.protocol, [{ first: port.port, last: port.port }]);
  const answers = new EndAnswers(seen);
  const found = new Map<string, Row>();
  let closedPods = 0;
  for (const pod of seen.cluster.pods) {
    if (pod.completed || (end.kind === "pod" && isSamePod(end.pod, pod))) continue;
    const other = meeting(pod, end);
    const answer = as === "source" ? answers.between(end, other) : answers.between(other, end);
    const set = reached(answer, only);
    if (set === undefined) {
      closedPods++;
      continue;
    }
    const name = ownerKey(pod);
    const key = `${pod.workload?.kind ?? "Pod"} ${name} ${reachedText(set)}`;
    const same = found.get(key);
    if (same === undefined) found.set(key, { name, pods: [pod], set, missing: [...(set.unknown?.missing ?? [])] });
    else {
      same.pods.push(pod);
      same.missing.push(...(set.unknown?.missing ?? []));
    }
  }
  const settled = [...(areOutside ? (["unknown-pod"] as const) : []), "domain-name" as const];
  const addresses = end.kind === "pod" ? reachedAddresses(answers, { pod: end.pod, as, only, settled }) : [];
  const names = as === "source" && end.kind === "pod" ? reachedNames(seen, end.pod, only) : [];
  return { end, as, pods: [...found.values()].map(reachedPods), closedPods, addresses, names };
}

interface Row {
  readonly name: string;
  readonly pods: Pod[];
  readonly set: Reached;
  readonly missing: MissingFact[];
}

function reachedPods({ name, pods, set: { connections, unknown }, missing }: Row): ReachedPods {
  if (unknown === undefined) return { name, pods, connections };
  return { name, pods, connections, unknown: { connections: unknown.connections, missing: distinctFacts(missing) } };
}

/** `namespace/name` of a pod's workload, or of the pod. */
export function ownerKey(pod: Pod): string {
  return pod.workload === undefined ? podKey(pod) : `${pod.namespace}/${pod.workload.name}`;
}

function meeting(pod: Pod, end: Endpoint): Endpoint {
  return endpointOf(pod, pod.addresses.length > 1 ? end.address?.family : undefined);
}
