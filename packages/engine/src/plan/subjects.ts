import type { Cluster } from "../model/cluster.ts";
import type { NetworkPolicy } from "../model/network-policy.ts";
import type { Pod } from "../model/pod.ts";
import { type PodPredicate, matchesPod, podPredicate } from "../rules/predicate.ts";
import type { AnyPolicy } from "./policy-cost.ts";

/** Policies that have a say on some pods, each with those that it selects. */
export type Subjects = ReadonlyMap<AnyPolicy, readonly Pod[]>;

/** The policies of a cluster that have a say on these pods: the questions of others need not be answered. */
export function subjectsOf(
  { namespaces, policies, clusterPolicies }: Pick<Cluster, "namespaces" | "policies" | "clusterPolicies">,
  pods: readonly Pod[],
): Subjects {
  const byNamespace = new Map<string, Pod[]>();
  for (const pod of pods) {
    const others = byNamespace.get(pod.namespace);
    if (others === undefined) byNamespace.set(pod.namespace, [pod]);
    else others.push(pod);
  }
  const subjects = new Map<AnyPolicy, readonly Pod[]>();
  const select = (policy: AnyPolicy, candidates: readonly Pod[]): void => {
    const predicate = subjectOf(policy);
    const selected = candidates.filter((pod) => matchesPod(predicate, pod, namespaces));
    if (selected.length > 0) subjects.set(policy, selected);
  };
  const policiesOf = inNamespaces(policies);
  for (const [namespace, candidates] of byNamespace) {
    for (const policy of policiesOf.get(namespace) ?? []) select(policy, candidates);
  }
  for (const policy of clusterPolicies) select(policy, pods);
  return subjects;
}

const sorted = new WeakMap<readonly NetworkPolicy[], ReadonlyMap<string, readonly NetworkPolicy[]>>();

/** Policies by namespace, sorted once for a list. */
function inNamespaces(policies: readonly NetworkPolicy[]): ReadonlyMap<string, readonly NetworkPolicy[]> {
  const known = sorted.get(policies);
  if (known !== undefined) return known;
  const byNamespace = new Map<string, NetworkPolicy[]>();
  for (const policy of policies) {
    const others = byNamespace.get(policy.namespace);
    if (others === undefined) byNamespace.set(policy.namespace, [policy]);
    else others.push(policy);
  }
  sorted.set(policies, byNamespace);
  return byNamespace;
}

/** A cluster in which only these policies are. */
export function withPolicies(cluster: Cluster, policies: Iterable<AnyPolicy>): Cluster {
  const all = [...policies];
  const isOfNamespace = (policy: AnyPolicy): policy is NetworkPolicy => policy.kind === "NetworkPolicy";
  return {
    ...cluster,
    policies: all.filter(isOfNamespace),
    clusterPolicies: all.filter((policy) => policy.kind !== "NetworkPolicy"),
  };
}

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
