import { type Pod, podKey } from "../model/pod.ts";
import { type Address, type Family, compareAddresses } from "../net/address.ts";
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

/** The keys of what judges a pod. */
type JudgedBy = Pick<LocalPod, "egress" | "ingress" | "ownNode" | "itself">;

/** A local pod, and what judges it. Each judge is told to `use`. */
export function localPod(pod: Pod, links: NodeLinks, judges: Judges, use: (judge: Judge) => void): LocalPod {
  return { ...linkedPod(pod, links), ...judgedBy(pod, judges, use) };
}

function judgedBy(pod: Pod, judges: Judges, use: (judge: Judge) => void): JudgedBy {
  const podClass = judges.classOf(pod);
  if (podClass === undefined) return {};
  const keyOf = (judge: Judge | undefined): string | undefined => {
    if (judge !== undefined) use(judge);
    return judge?.key;
  };
  const egress = keyOf(judges.direction(podClass, "egress"));
  const ingress = keyOf(judges.direction(podClass, "ingress"));
  const ownNode = keyOf(judges.ownNode(podClass));
  let itself: Partial<Record<Family, string>> | undefined;
  for (const { family } of pod.addresses) {
    const key = keyOf(judges.itself(podClass, family));
    if (key !== undefined) itself = { ...itself, [family]: key };
  }
  return {
    ...(egress === undefined ? {} : { egress }),
    ...(ingress === undefined ? {} : { ingress }),
    ...(ownNode === undefined ? {} : { ownNode }),
    ...(itself === undefined ? {} : { itself }),
  };
}

function isJudgedAlike(one: JudgedBy, other: JudgedBy): boolean {
  return (
    one.egress === other.egress &&
    one.ingress === other.ingress &&
    one.ownNode === other.ownNode &&
    one.itself?.[4] === other.itself?.[4] &&
    one.itself?.[6] === other.itself?.[6]
  );
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
  const old = before.values();
  let isAsBefore = before.size === now.size;
  const kept = new Map<string, LocalPod>();
  now.forEach((made, key) => {
    const pod = sameIfSame(before.get(key), made);
    kept.set(key, pod);
    isAsBefore &&= old.next().value === pod;
  });
  return isAsBefore ? before : kept;
}

/** A pod as the object that it was before, where it is the same. */
export function sameIfSame(before: LocalPod | undefined, now: LocalPod): LocalPod {
  return before !== undefined && isSame(before, now) ? before : now;
}

function isSame(a: LocalPod, b: LocalPod): boolean {
  if (a === b) return true;
  return (
    a.interfaceName === b.interfaceName &&
    isJudgedAlike(a, b) &&
    a.addresses.length === b.addresses.length &&
    a.addresses.every((address, index) => compareAddresses(address, b.addresses[index] as Address) === 0)
  );
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
