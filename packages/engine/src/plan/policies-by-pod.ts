import type { Cluster } from "../model/cluster.ts";
import type { NetworkPolicy } from "../model/network-policy.ts";
import type { Pod } from "../model/pod.ts";
import { type PodPredicate, matchesPod, podPredicate } from "../rules/predicate.ts";
import type { AnyPolicy } from "./policy-cost.ts";

/** The policies that have a say on pods. */
export type PoliciesByPod = ReadonlyMap<Pod, readonly AnyPolicy[]>;

/** The policies of a cluster that have a say on these pods: the questions of others need not be answered. */
export function policiesByPod(
  { namespaces, clusterPolicies }: Pick<Cluster, "namespaces" | "clusterPolicies">,
  byNamespace: ReadonlyMap<string, readonly NetworkPolicy[]>,
  pods: readonly Pod[],
): PoliciesByPod {
  const byPod = new Map<Pod, readonly AnyPolicy[]>();
  for (const pod of pods) {
    const own = ofNamespace(pod, byNamespace.get(pod.namespace) ?? []);
    if (clusterPolicies.length === 0) {
      byPod.set(pod, own);
      continue;
    }
    const ofCluster = clusterPolicies.filter((policy) => matchesPod(subjectOf(policy), pod, namespaces));
    byPod.set(pod, ofCluster.length === 0 ? own : [...own, ...ofCluster]);
  }
  return byPod;
}

interface Selecting {
  readonly policies: readonly NetworkPolicy[];
  readonly selecting: readonly NetworkPolicy[];
}

const lastSelecting = new WeakMap<Pod, Selecting>();

/** Those of its namespace's policies that select a pod: it follows from its labels alone, and is asked at every change of others. */
function ofNamespace(pod: Pod, policies: readonly NetworkPolicy[]): readonly NetworkPolicy[] {
  const known = lastSelecting.get(pod);
  if (known?.policies === policies) return known.selecting;
  const selecting = policies.filter((policy) => matchesPod(subjectOf(policy), pod, noNamespaces));
  lastSelecting.set(pod, { policies, selecting });
  return selecting;
}

/** A NetworkPolicy's is told by its name. */
const noNamespaces: Cluster["namespaces"] = new Map();

const predicates = new WeakMap<AnyPolicy, PodPredicate>();

/** Whom a policy is about. */
function subjectOf(policy: AnyPolicy): PodPredicate {
  const known = predicates.get(policy);
  if (known !== undefined) return known;
  const predicate =
    policy.kind === "NetworkPolicy"
      ? podPredicate(policy.namespace, policy.podSelector)
      : podPredicate(policy.subject.namespaceSelector, policy.subject.podSelector);
  predicates.set(policy, predicate);
  return predicate;
}
