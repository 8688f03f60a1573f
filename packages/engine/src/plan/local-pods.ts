import { type Pod, podKey } from "../model/pod.ts";
import { type Family, formatAddress } from "../net/address.ts";
import { noConnections } from "../net/connection-set.ts";
import type { Judge, Judges } from "./judges.ts";
import type { LocalPod, RuleSet, Traffic } from "./node-plan.ts";

/** What a node knows of its own links, beside what the API says. */
export interface NodeLinks {
  /** The node's end of a pod's link, where the pod has one of its own. */
  readonly interfaceOf: (pod: Pod) => string | undefined;
  /** How those names begin. */
  readonly podInterfacePrefix?: string;
}

/** A local pod, and what judges it. Each judge is told to `use`. */
export function localPod(pod: Pod, links: NodeLinks, judges: Judges, use: (judge: Judge) => void): LocalPod {
  const keyOf = (judge: Judge | undefined): string | undefined => {
    if (judge !== undefined) use(judge);
    return judge?.key;
  };
  const egress = keyOf(judges.direction(pod, "egress"));
  const ingress = keyOf(judges.direction(pod, "ingress"));
  const ownNode = keyOf(judges.ownNode(pod));
  const itself: Partial<Record<Family, string>> = {};
  for (const { family } of pod.addresses) {
    const key = keyOf(judges.itself(pod, family));
    if (key !== undefined) itself[family] = key;
  }
  return {
    ...linkedPod(pod, links),
    ...(egress === undefined ? {} : { egress }),
    ...(ingress === undefined ? {} : { ingress }),
    ...(ownNode === undefined ? {} : { ownNode }),
    ...(Object.keys(itself).length === 0 ? {} : { itself }),
  };
}

/** Nothing reaches it but its node, and it reaches nothing. */
export function closedPod(pod: Pod, links: NodeLinks): LocalPod {
  const { egress, ingress, "own-node": ownNode, itself } = closedKeys;
  return { ...linkedPod(pod, links), egress, ingress, ownNode, itself: { 4: itself, 6: itself } };
}

/** The keys of the rule sets that judge a pod. */
export function ruleSetsOf({ egress, ingress, ownNode, itself }: LocalPod): string[] {
  return [egress, ingress, ownNode, itself?.[4], itself?.[6]].filter((key) => key !== undefined);
}

/** Pods, as the same objects as before where they are the same; the same map where all are. */
export function sameWhereSame(
  before: ReadonlyMap<string, LocalPod>,
  now: ReadonlyMap<string, LocalPod>,
): ReadonlyMap<string, LocalPod> {
  const kept = new Map<string, LocalPod>();
  for (const [key, pod] of now) {
    const old = before.get(key);
    kept.set(key, old !== undefined && isSame(old, pod) ? old : pod);
  }
  const old = [...before.values()];
  const isAsBefore = old.length === kept.size && [...kept.values()].every((pod, index) => pod === old[index]);
  return isAsBefore ? before : kept;
}

function isSame(a: LocalPod, b: LocalPod): boolean {
  const [one, other] = [a, b].map(({ addresses, interfaceName, egress, ingress, ownNode, itself }) => [
    interfaceName,
    egress,
    ingress,
    ownNode,
    itself?.[4],
    itself?.[6],
    ...addresses.map(formatAddress),
  ]);
  return one?.length === other?.length && one?.every((part, index) => part === other?.[index]) === true;
}

function linkedPod(pod: Pod, links: NodeLinks): LocalPod {
  const interfaceName = links.interfaceOf(pod);
  return {
    key: podKey(pod),
    addresses: pod.addresses,
    ...(interfaceName === undefined ? {} : { interfaceName }),
  };
}

const closedKeys: Readonly<Record<Traffic, string>> = {
  egress: "egress closed",
  ingress: "ingress closed",
  "own-node": "own node closed",
  itself: "itself closed",
};

/** The rule sets of closed pods. */
export const closedRuleSets: ReadonlyMap<string, RuleSet> = new Map(
  (Object.keys(closedKeys) as Traffic[]).map((traffic) => [
    closedKeys[traffic],
    { key: closedKeys[traffic], traffic, common: noConnections, byIdentity: new Map() },
  ]),
);
