import type { Cluster } from "../model/cluster.ts";
import type { NetworkPolicy } from "../model/network-policy.ts";
import type { Pod } from "../model/pod.ts";
import { matchesPod, podPredicate } from "../rules/predicate.ts";
import type { AnyPolicy } from "./policy-cost.ts";

/** The policies of a cluster that have a say on some of these pods: the questions of others need not be answered. */
export function policiesOfPods(cluster: Cluster, pods: readonly Pod[]): readonly AnyPolicy[] {
  const byNamespace = new Map<string, Pod[]>();
  for (const pod of pods) {
    const others = byNamespace.get(pod.namespace);
    if (others === undefined) byNamespace.set(pod.namespace, [pod]);
    else others.push(pod);
  }
  const candidates = (policy: AnyPolicy): readonly Pod[] =>
    policy.kind === "NetworkPolicy" ? (byNamespace.get(policy.namespace) ?? []) : pods;
  return [...cluster.policies, ...cluster.clusterPolicies].filter((policy) => {
    const isSubject = subjectOf(cluster, policy);
    return candidates(policy).some(isSubject);
  });
}

/** Tells whether a policy selects a pod. */
export function subjectOf({ namespaces }: Pick<Cluster, "namespaces">, policy: AnyPolicy): (pod: Pod) => boolean {
  const predicate =
    policy.kind === "NetworkPolicy"
      ? podPredicate(policy.namespace, policy.podSelector)
      : podPredicate(policy.subject.namespaceSelector, policy.subject.podSelector);
  return (pod) => matchesPod(predicate, pod, namespaces);
}

/** A cluster in which only these policies are. */
export function withPolicies(cluster: Cluster, policies: readonly AnyPolicy[]): Cluster {
  const isOfNamespace = (policy: AnyPolicy): policy is NetworkPolicy => policy.kind === "NetworkPolicy";
  return {
    ...cluster,
    policies: policies.filter(isOfNamespace),
    clusterPolicies: policies.filter((policy) => policy.kind !== "NetworkPolicy"),
  };
}
