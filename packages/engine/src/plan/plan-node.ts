import { FastEvaluator } from "../evaluate/fast/fast-evaluator.ts";
import type { Cluster } from "../model/cluster.ts";
import { type Pod, isPolicyPod, podKey } from "../model/pod.ts";
import type { Family } from "../net/address.ts";
import { noConnections } from "../net/connection-set.ts";
import { type Budgets, defaultBudgets } from "./budgets.ts";
import { buildRuleSets } from "./build-rule-sets.ts";
import { identify } from "./identify.ts";
import { askedBy } from "./identity.ts";
import { type Judge, directionJudge, itselfJudge, ownNodeJudge } from "./judges.ts";
import type { LocalPod, NodePlan, RuleSet, Traffic } from "./node-plan.ts";
import { policiesOfPods, withPolicies } from "./policies-of-pods.ts";
import { refuseByRules } from "./refuse-by-rules.ts";

/** What a node knows of its own links, beside what the API says. */
export interface NodeLinks {
  /** The node's end of a pod's link, where the pod has one of its own. */
  readonly interfaceOf: (pod: Pod) => string | undefined;
  /** How those names begin. */
  readonly podInterfacePrefix?: string;
}

/**
 * Compiles what one node must enforce out of a cluster. Pods whose policies ask too much of a node are closed, and the rest
 * is as if those policies did not select them.
 */
export function planNode(
  cluster: Cluster,
  node: string,
  links: NodeLinks,
  budgets: Budgets = defaultBudgets,
): NodePlan {
  const local = cluster.pods.filter((pod) => pod.node === node && isPolicyPod(pod) && pod.addresses.length > 0);
  const policies = policiesOfPods(cluster, local);
  const refused = new Map(refuseByRules(cluster, local, policies, budgets));
  const judged = local.filter((pod) => !refused.has(podKey(pod)));
  const evaluator = new FastEvaluator(
    withPolicies(cluster, refused.size === 0 ? policies : policiesOfPods(cluster, judged)),
  );
  const judges = new Map<string, Judge>();
  const use = (judge: Judge | undefined): string | undefined => {
    if (judge !== undefined) judges.set(judge.key, judge);
    return judge?.key;
  };
  const judgedPods = new Map(judged.map((pod) => [podKey(pod), localPod(pod, links, evaluator, use)]));
  const asked = askedBy([...judges.values()].flatMap(({ table }) => table?.rules ?? []));
  const identities = identify(cluster, evaluator, asked);
  const built = buildRuleSets(judges.values(), identities.samples, budgets);
  for (const [key, pod] of judgedPods) {
    const because = keysOf(pod).flatMap((rules) => built.refused.get(rules) ?? [])[0];
    if (because !== undefined) refused.set(key, because);
  }
  const localPods = new Map(
    local.map((pod) => {
      const key = podKey(pod);
      return [key, (refused.has(key) ? undefined : judgedPods.get(key)) ?? closedPod(pod, links)];
    }),
  );
  return {
    node,
    identities: new Set(identities.samples.keys()),
    atoms: identities.atoms,
    podIdentities: identities.podIdentities,
    ruleSets: inUse(localPods, new Map([...built.ruleSets, ...closedRuleSets])),
    localPods,
    refused,
    localRanges: cluster.nodes.get(node)?.podCidrs ?? [],
    ...(links.podInterfacePrefix === undefined ? {} : { podInterfacePrefix: links.podInterfacePrefix }),
  };
}

/** The rule sets that judge somebody. */
function inUse(pods: ReadonlyMap<string, LocalPod>, ruleSets: ReadonlyMap<string, RuleSet>): Map<string, RuleSet> {
  const keys = new Set([...pods.values()].flatMap(keysOf));
  return new Map([...ruleSets].filter(([key]) => keys.has(key)));
}

function keysOf({ egress, ingress, ownNode, itself }: LocalPod): string[] {
  return [egress, ingress, ownNode, itself?.[4], itself?.[6]].filter((key) => key !== undefined);
}

function localPod(
  pod: Pod,
  links: NodeLinks,
  evaluator: FastEvaluator,
  use: (judge: Judge | undefined) => string | undefined,
): LocalPod {
  const egress = use(directionJudge(evaluator, pod, "egress"));
  const ingress = use(directionJudge(evaluator, pod, "ingress"));
  const ownNode = use(ownNodeJudge(evaluator, pod));
  const itself: Partial<Record<Family, string>> = {};
  for (const { family } of pod.addresses) {
    const key = use(itselfJudge(evaluator, pod, family));
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
function closedPod(pod: Pod, links: NodeLinks): LocalPod {
  const { egress, ingress, "own-node": ownNode, itself } = closedKeys;
  return { ...linkedPod(pod, links), egress, ingress, ownNode, itself: { 4: itself, 6: itself } };
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

const closedRuleSets: ReadonlyMap<string, RuleSet> = new Map(
  (Object.keys(closedKeys) as Traffic[]).map((traffic) => [
    closedKeys[traffic],
    { key: closedKeys[traffic], traffic, common: noConnections, byIdentity: new Map() },
  ]),
);
