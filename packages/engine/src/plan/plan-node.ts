import { FastEvaluator } from "../evaluate/fast/fast-evaluator.ts";
import type { Cluster } from "../model/cluster.ts";
import type { ClusterPolicy } from "../model/cluster-policy.ts";
import type { NetworkPolicy } from "../model/network-policy.ts";
import { type Pod, isPolicyPod, podKey } from "../model/pod.ts";
import type { Family } from "../net/address.ts";
import { matchesPod, podPredicate } from "../rules/predicate.ts";
import { identify } from "./identify.ts";
import { askedBy } from "./identity.ts";
import { type Judge, directionJudge, itselfJudge, ownNodeJudge, ruleSetOf } from "./judges.ts";
import type { LocalPod, NodePlan } from "./node-plan.ts";

/** What a node knows of its own links, beside what the API says. */
export interface NodeLinks {
  /** The node's end of a pod's link, where the pod has one of its own. */
  readonly interfaceOf: (pod: Pod) => string | undefined;
  /** How those names begin. */
  readonly podInterfacePrefix?: string;
}

/** Compiles what one node must enforce out of a cluster. */
export function planNode(cluster: Cluster, node: string, links: NodeLinks): NodePlan {
  const local = cluster.pods.filter((pod) => pod.node === node && isPolicyPod(pod) && pod.addresses.length > 0);
  const evaluator = new FastEvaluator(withPoliciesOf(cluster, local));
  const judges = new Map<string, Judge>();
  const localPods = new Map<string, LocalPod>();
  const use = (judge: Judge | undefined): string | undefined => {
    if (judge !== undefined) judges.set(judge.key, judge);
    return judge?.key;
  };
  for (const pod of local) localPods.set(podKey(pod), localPod(pod, links, evaluator, use));
  const asked = askedBy([...judges.values()].flatMap(({ table }) => table?.rules ?? []));
  const identities = identify(cluster, evaluator, asked);
  return {
    node,
    identities: new Set(identities.samples.keys()),
    atoms: identities.atoms,
    podIdentities: identities.podIdentities,
    ruleSets: new Map([...judges.values()].map((judge) => [judge.key, ruleSetOf(judge, identities.samples)])),
    localPods,
    localRanges: cluster.nodes.get(node)?.podCidrs ?? [],
    ...(links.podInterfacePrefix === undefined ? {} : { podInterfacePrefix: links.podInterfacePrefix }),
  };
}

/** A cluster without the policies that have no say on these pods: their questions need not be answered. */
function withPoliciesOf(cluster: Cluster, pods: readonly Pod[]): Cluster {
  const byNamespace = new Map<string, Pod[]>();
  for (const pod of pods) {
    const others = byNamespace.get(pod.namespace);
    if (others === undefined) byNamespace.set(pod.namespace, [pod]);
    else others.push(pod);
  }
  const selectsOne = ({ namespace, podSelector }: NetworkPolicy): boolean => {
    const subject = podPredicate(namespace, podSelector);
    return (byNamespace.get(namespace) ?? []).some((pod) => matchesPod(subject, pod, cluster.namespaces));
  };
  const selectsAny = ({ subject }: ClusterPolicy): boolean => {
    const predicate = podPredicate(subject.namespaceSelector, subject.podSelector);
    return pods.some((pod) => matchesPod(predicate, pod, cluster.namespaces));
  };
  return {
    ...cluster,
    policies: cluster.policies.filter(selectsOne),
    clusterPolicies: cluster.clusterPolicies.filter(selectsAny),
  };
}

function localPod(
  pod: Pod,
  links: NodeLinks,
  evaluator: FastEvaluator,
  use: (judge: Judge | undefined) => string | undefined,
): LocalPod {
  const interfaceName = links.interfaceOf(pod);
  const egress = use(directionJudge(evaluator, pod, "egress"));
  const ingress = use(directionJudge(evaluator, pod, "ingress"));
  const ownNode = use(ownNodeJudge(evaluator, pod));
  const itself: Partial<Record<Family, string>> = {};
  for (const { family } of pod.addresses) {
    const key = use(itselfJudge(evaluator, pod, family));
    if (key !== undefined) itself[family] = key;
  }
  return {
    key: podKey(pod),
    addresses: pod.addresses,
    ...(interfaceName === undefined ? {} : { interfaceName }),
    ...(egress === undefined ? {} : { egress }),
    ...(ingress === undefined ? {} : { ingress }),
    ...(ownNode === undefined ? {} : { ownNode }),
    ...(Object.keys(itself).length === 0 ? {} : { itself }),
  };
}
