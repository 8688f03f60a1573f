import { FastEvaluator } from "../evaluate/fast/fast-evaluator.ts";
import type { RuleTable } from "../evaluate/fast/rule-table.ts";
import type { Cluster } from "../model/cluster.ts";
import type { ClusterPolicy } from "../model/cluster-policy.ts";
import type { Direction, NetworkPolicy } from "../model/network-policy.ts";
import { type Pod, isPolicyPod, podKey } from "../model/pod.ts";
import { type ConnectionSet, formatConnections } from "../net/connection-set.ts";
import { matchesPod, podPredicate } from "../rules/predicate.ts";
import { type IdentityMap, identify } from "./identify.ts";
import { askedBy } from "./identity.ts";
import type { LocalPod, NodePlan, RuleSet } from "./node-plan.ts";

/** What a node knows of its own links, beside what the API says. */
export interface NodeLinks {
  /** The node's end of a pod's link, where the pod has one of its own. */
  readonly interfaceOf: (pod: Pod) => string | undefined;
  /** How those names begin. */
  readonly podInterfacePrefix?: string;
}

/** A table as the plan knows it. */
interface Judge {
  readonly key: string;
  readonly direction: Direction;
  readonly table: RuleTable;
}

/** Compiles what one node must enforce out of a cluster. */
export function planNode(cluster: Cluster, node: string, links: NodeLinks): NodePlan {
  const local = cluster.pods.filter((pod) => pod.node === node && isPolicyPod(pod) && pod.addresses.length > 0);
  const evaluator = new FastEvaluator(withPoliciesOf(cluster, local));
  const judges = new Map<string, Judge>();
  const localPods = new Map<string, LocalPod>();
  for (const pod of local) {
    const judgedBy = (direction: Direction): string | undefined => {
      const judge = judgeOf(evaluator, pod, direction);
      if (judge !== undefined) judges.set(judge.key, judge);
      return judge?.key;
    };
    localPods.set(podKey(pod), localPod(pod, links, judgedBy("egress"), judgedBy("ingress")));
  }
  const asked = askedBy([...judges.values()].flatMap(({ table }) => table.rules));
  const identities = identify(cluster, evaluator, asked);
  return {
    node,
    identities: new Set(identities.samples.keys()),
    atoms: identities.atoms,
    podIdentities: identities.podIdentities,
    ruleSets: new Map([...judges.values()].map((judge) => [judge.key, ruleSet(judge, identities, evaluator)])),
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

/** What judges a pod in a direction; undefined where nothing is denied. Its key says all that its rules say. */
function judgeOf(evaluator: FastEvaluator, pod: Pod, direction: Direction): Judge | undefined {
  const podClass = evaluator.classOf(pod);
  if (podClass === undefined) return undefined;
  const table = evaluator.tableOf(podClass, direction);
  if (!table.isolates && table.rules.length === 0) return undefined;
  const rules = table.rules.map(({ rule, connections, named }) =>
    named.length > 0 || rule.spec.named.length === 0
      ? rule.spec.key
      : `${rule.spec.key} = ${formatConnections(evaluator.setOf(connections))}`,
  );
  // NetworkPolicy rules add up: their order means nothing. The order in which rules came into use is not the plan's.
  const tiers = rules.filter((_, index) => table.rules[index]?.rule.spec.stage !== "NetworkPolicy");
  const policies = rules.filter((_, index) => table.rules[index]?.rule.spec.stage === "NetworkPolicy").sort();
  const key = [`${direction}${table.isolates ? "" : " not isolated"}`, ...policies, ...tiers].join("\n");
  return { key, direction, table };
}

function localPod(pod: Pod, links: NodeLinks, egress: string | undefined, ingress: string | undefined): LocalPod {
  const interfaceName = links.interfaceOf(pod);
  return {
    key: podKey(pod),
    addresses: pod.addresses,
    ...(interfaceName === undefined ? {} : { interfaceName }),
    ...(egress === undefined ? {} : { egress }),
    ...(ingress === undefined ? {} : { ingress }),
  };
}

function ruleSet({ key, direction, table }: Judge, { samples }: IdentityMap, evaluator: FastEvaluator): RuleSet {
  const common = table.allowedInAnyCase();
  const byIdentity: [string, ConnectionSet][] = [];
  for (const [identity, sample] of samples) {
    const allowed =
      sample.kind === "pods" ? table.allowed(sample.podClass, sample.family) : table.allowedOutside(sample.outsider);
    if (allowed !== common) byIdentity.push([identity, evaluator.setOf(allowed)]);
  }
  return { key, direction, common: evaluator.setOf(common), byIdentity: new Map(byIdentity) };
}
