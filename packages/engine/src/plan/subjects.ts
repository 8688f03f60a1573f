import type { Cluster } from "../model/cluster.ts";
import type { NetworkPolicy } from "../model/network-policy.ts";
import type { Pod } from "../model/pod.ts";
import { type PodPredicate, matchesPod, podPredicate } from "../rules/predicate.ts";
import type { AnyPolicy } from "./policy-cost.ts";

/** Policies that have a say on some pods, each with those that it selects. */
export type Subjects = ReadonlyMap<AnyPolicy, readonly Pod[]>;

/** The policies of a cluster that have a say on these pods: the questions of others need not be answered. */
export function subjectsOf(
  { namespaces, clusterPolicies }: Pick<Cluster, "namespaces" | "clusterPolicies">,
  byNamespace: ReadonlyMap<string, readonly NetworkPolicy[]>,
  pods: readonly Pod[],
): Subjects {
  const subjects = new Map<AnyPolicy, Pod[]>();
  const select = (policy: AnyPolicy, pod: Pod): void => {
    const others = subjects.get(policy);
    if (others === undefined) subjects.set(policy, [pod]);
    else others.push(pod);
  };
  for (const pod of pods) {
    for (const policy of selecting(pod, byNamespace.get(pod.namespace) ?? [], namespaces)) select(policy, pod);
    for (const policy of clusterPolicies) if (matchesPod(subjectOf(policy), pod, namespaces)) select(policy, pod);
  }
  return subjects;
}

interface Selecting {
  readonly policies: readonly NetworkPolicy[];
  readonly selecting: readonly NetworkPolicy[];
}

const lastSelecting = new WeakMap<Pod, Selecting>();

/** Those of its namespace that select a pod: what they say of it follows from its labels alone, and is asked at every change of others. */
function selecting(
  pod: Pod,
  policies: readonly NetworkPolicy[],
  namespaces: Cluster["namespaces"],
): readonly NetworkPolicy[] {
  const known = lastSelecting.get(pod);
  if (known?.policies === policies) return known.selecting;
  const found = policies.filter((policy) => matchesPod(subjectOf(policy), pod, namespaces));
  lastSelecting.set(pod, { policies, selecting: found });
  return found;
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
