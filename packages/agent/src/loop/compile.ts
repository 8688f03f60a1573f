import {
  type Cidr,
  type Cluster,
  type ClusterNode,
  type ClusterPolicy,
  type ClusterState,
  type NetworkPolicy,
  type NodeLinks,
  type NodePlan,
  type Pod,
  planNode,
  sameForSame,
} from "@podwall/engine";
import { type AnyPolicy, type Fallback, LastGood } from "../last-good.ts";
import type { Displaced } from "../links/pod-links.ts";
import { podTexts } from "../pod-texts.ts";
import { withinBudget } from "./within-budget.ts";

type Nodes = Pick<Cluster, "nodes">;

/**
 * Gives clusters in which a node has the pod ranges that it was given by hand, if it was, else those that it had last: a Node
 * that is deleted, or registers anew and has none for a while, must not open its quarantine. The same node for the same.
 */
export function withPodCidrs(name: string, podCidrs: readonly Cidr[]): <C extends Nodes>(cluster: C) => C {
  const unknown: ClusterNode = { kind: "Node", name, labels: new Map(), addresses: [], podCidrs };
  let [known, given] = [unknown, unknown];
  const nodesWith = sameForSame((nodes: Cluster["nodes"], one: ClusterNode) => new Map([...nodes, [name, one]]));
  return (cluster) => {
    const node = cluster.nodes.get(name) ?? unknown;
    const ranges = podCidrs.length > 0 ? podCidrs : node.podCidrs.length > 0 ? node.podCidrs : given.podCidrs;
    if (node === cluster.nodes.get(name) && ranges === node.podCidrs) {
      [known, given] = [node, node];
      return cluster;
    }
    if (node === unknown && ranges.length === 0) return cluster;
    if (node !== known || ranges !== given.podCidrs) [known, given] = [node, { ...node, podCidrs: ranges }];
    return { ...cluster, nodes: nodesWith(cluster.nodes, given) };
  };
}

/**
 * Gives clusters in which the ranges of all their pods are known, where Nodes do not say them: an address in one of them that no
 * known pod has is a pod's that is not known. The same nodes for the same.
 */
export function withClusterPodCidrs(podCidrs: readonly Cidr[]): <C extends Nodes>(cluster: C) => C {
  if (podCidrs.length === 0) return (cluster) => cluster;
  // No Node is called so. It has no addresses and no labels, so nothing else follows from it.
  const all: ClusterNode = { kind: "Node", name: "", labels: new Map(), addresses: [], podCidrs };
  const nodesWith = sameForSame((nodes: Cluster["nodes"]) => new Map([...nodes, [all.name, all]]));
  return (cluster) => ({ ...cluster, nodes: nodesWith(cluster.nodes) });
}

/** A cluster of which only one node's pod ranges are known: nothing may pass there. */
export function quarantineOf(node: string, podCidrs: readonly Cidr[], links: NodeLinks): NodePlan {
  const nothing: Cluster = {
    namespaces: new Map(),
    pods: [],
    nodes: new Map(),
    services: [],
    policies: [],
    clusterPolicies: [],
  };
  return planNode(withPodCidrs(node, podCidrs)(nothing), node, links);
}

interface Admitted {
  readonly cluster: ClusterState;
  readonly fallbacks: readonly Fallback<AnyPolicy>[];
}

/** Chooses what is enforced of each policy. The same lists of policies and fallbacks for the same policies. */
export class Admission {
  readonly #policies = new LastGood<NetworkPolicy>(withinBudget);
  readonly #clusterPolicies = new LastGood<ClusterPolicy>(withinBudget);
  readonly #namespaced = sameForSame((policies: Cluster["policies"]) => this.#policies.admit(policies));
  readonly #clusterWide = sameForSame((policies: Cluster["clusterPolicies"]) => this.#clusterPolicies.admit(policies));
  readonly #fallbacks = sameForSame((...lists: readonly (readonly Fallback<AnyPolicy>[])[]) => lists.flat());

  admit(cluster: ClusterState): Admitted {
    const namespaced = this.#namespaced(cluster.policies);
    const clusterWide = this.#clusterWide(cluster.clusterPolicies);
    return {
      cluster: { ...cluster, policies: namespaced.policies, clusterPolicies: clusterWide.policies },
      fallbacks: this.#fallbacks(namespaced.fallbacks, clusterWide.fallbacks),
    };
  }
}

/** A cluster that does not know these pods: an address of theirs that no other pod has is no known pod's. */
export function withoutPods(cluster: ClusterState, gone: ReadonlySet<Pod>): ClusterState {
  if (gone.size === 0) return cluster;
  return { ...cluster, pods: cluster.pods.with([...gone].map((pod) => [podTexts(pod).key, undefined])) };
}

/**
 * Gives the pods of namespaces of which only the name is known: what selects by a namespace's labels cannot tell whether it means
 * them. The same set for the same.
 */
export function podsOfUnknownNamespaces(): (cluster: ClusterState) => ReadonlySet<Pod> {
  const namesOf = sameForSame(
    (namespaces: Cluster["namespaces"]) =>
      new Set([...namespaces.values()].filter(({ declared }) => !declared).map(({ name }) => name)),
  );
  const podsOf = sameForSame(
    (names: ReadonlySet<string>, pods: ClusterState["pods"]): ReadonlySet<Pod> =>
      new Set(names.size === 0 ? [] : pods.values().filter(({ namespace }) => names.has(namespace))),
  );
  return ({ namespaces, pods }) => podsOf(namesOf(namespaces), pods);
}

/** Those of a node's pods that nothing reaches yet, and why. */
export function closedPods(
  pods: readonly Pod[],
  links: NodeLinks,
  displaced: readonly Displaced[],
): ReadonlyMap<string, string> {
  const closed = new Map(displaced.map(({ pod, because }) => [podTexts(pod).key, because]));
  for (const pod of pods) {
    const { key } = podTexts(pod);
    if (closed.has(key)) continue;
    if (pod.addresses.length === 0) closed.set(key, "it has no address yet");
    else if (links.podInterfacePrefix !== undefined && links.interfaceOf(pod) === undefined)
      closed.set(key, "this node has no route to its address");
  }
  return closed;
}
