import type { Cluster } from "../model/cluster.ts";
import type { Direction, NetworkPolicy } from "../model/network-policy.ts";
import { type Pod, isPolicyPod, podKey } from "../model/pod.ts";
import { selects } from "../model/selector.ts";
import { formatAddress } from "../net/address.ts";
import { type ConnectionSet, formatConnections } from "../net/connection-set.ts";
import { allowedFor, allowedForAll } from "./flatten.ts";
import { type Questions, type Traits, atomAt, atomsOf, questionsOf, traitsOfPod } from "./identity.ts";
import type { AddressIdentity, LocalPod, NodePlan, RuleSet } from "./node-plan.ts";
import { type RuleSpec, ruleSpecs } from "./rule-spec.ts";

/** What a node knows of its own links, beside what the API says. */
export interface NodeLinks {
  /** The node's end of a pod's link, where the pod has one of its own. */
  readonly interfaceOf: (pod: Pod) => string | undefined;
  /** How those names begin. */
  readonly podInterfacePrefix?: string;
}

/** Compiles what one node must enforce out of a cluster. */
export function planNode(cluster: Cluster, node: string, links: NodeLinks): NodePlan {
  const rulesByKey = new Map<string, { readonly direction: Direction; readonly rules: readonly RuleSpec[] }>();
  const localPods = new Map<string, LocalPod>();
  const policies = policiesByNamespace(cluster);
  for (const pod of cluster.pods) {
    if (pod.node !== node || !isPolicyPod(pod) || pod.addresses.length === 0) continue;
    const judgedBy = (direction: Direction): string | undefined => {
      const isolating = isolatingPolicies(pod, direction, policies.get(pod.namespace) ?? []);
      if (isolating.length === 0) return undefined;
      const rules = ruleSpecs(pod, direction, isolating);
      const key = [direction, ...rules.map((rule) => rule.key)].join("\n");
      if (!rulesByKey.has(key)) rulesByKey.set(key, { direction, rules });
      return key;
    };
    const interfaceName = links.interfaceOf(pod);
    const egress = judgedBy("egress");
    const ingress = judgedBy("ingress");
    localPods.set(podKey(pod), {
      key: podKey(pod),
      addresses: pod.addresses,
      ...(interfaceName === undefined ? {} : { interfaceName }),
      ...(egress === undefined ? {} : { egress }),
      ...(ingress === undefined ? {} : { ingress }),
    });
  }
  const questions = questionsOf([...rulesByKey.values()].flatMap(({ rules }) => rules));
  const { traits, ...addresses } = identify(cluster, questions);
  const ruleSets = new Map<string, RuleSet>();
  for (const [key, { direction, rules }] of rulesByKey) {
    ruleSets.set(key, { key, direction, ...flatten(rules, traits) });
  }
  return {
    node,
    identities: new Set(traits.keys()),
    ...addresses,
    ruleSets,
    localPods,
    localRanges: cluster.nodes.get(node)?.podCidrs ?? [],
    ...(links.podInterfacePrefix === undefined ? {} : { podInterfacePrefix: links.podInterfacePrefix }),
  };
}

function policiesByNamespace(cluster: Cluster): Map<string, NetworkPolicy[]> {
  const byNamespace = new Map<string, NetworkPolicy[]>();
  for (const policy of cluster.policies) {
    const list = byNamespace.get(policy.namespace);
    if (list === undefined) byNamespace.set(policy.namespace, [policy]);
    else list.push(policy);
  }
  return byNamespace;
}

function isolatingPolicies(pod: Pod, direction: Direction, policies: readonly NetworkPolicy[]): NetworkPolicy[] {
  return policies.filter((policy) => policy.directions.includes(direction) && selects(policy.podSelector, pod.labels));
}

/** Sorts every address there is into identities. */
function identify(
  cluster: Cluster,
  questions: Questions,
): Pick<NodePlan, "atoms" | "podIdentities"> & {
  readonly traits: ReadonlyMap<string, Traits>;
} {
  const ipv4 = atomsOf(questions, 4);
  const ipv6 = atomsOf(questions, 6);
  const atoms = { 4: ipv4.atoms, 6: ipv6.atoms };
  const traits = new Map([...ipv4.traits, ...ipv6.traits].map((found) => [found.key, found]));
  const podIdentities = new Map<string, AddressIdentity>();
  for (const pod of cluster.pods) {
    if (!isPolicyPod(pod)) continue;
    for (const address of pod.addresses) {
      const found = traitsOfPod(questions, pod, address, cluster.namespaces);
      traits.set(found.key, found);
      if (atomAt(atoms[address.family], address).identity === found.key) continue;
      podIdentities.set(formatAddress(address), {
        address,
        identity: found.key,
      });
    }
  }
  return { atoms, podIdentities, traits };
}

function flatten(
  rules: readonly RuleSpec[],
  identities: ReadonlyMap<string, Traits>,
): Pick<RuleSet, "common" | "byIdentity"> {
  const common = allowedForAll(rules);
  const commonText = formatConnections(common);
  const byIdentity = new Map<string, ConnectionSet>();
  for (const [key, identity] of identities) {
    const allowed = allowedFor(rules, identity);
    if (formatConnections(allowed) !== commonText) byIdentity.set(key, allowed);
  }
  return { common, byIdentity };
}
