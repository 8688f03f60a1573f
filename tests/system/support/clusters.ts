import {
  type Cluster,
  type ClusterNode,
  type Labels,
  type LabelSelector,
  type NetworkPolicy,
  type Pod,
  type PolicyPeer,
  type PolicyPort,
  namespaceNameLabel,
} from "../../../packages/engine/src/index.ts";
import { podAddresses } from "../../../packages/lab/src/index.ts";

/** The ports that test pods listen on, TCP and UDP. */
export const testPorts = [80, 8080] as const;

/** A pod of namespace `test` on a node, with a number for its addresses and a label `app`. */
export function testPod(name: string, node: number, number: number, app: string = name): Pod {
  return {
    kind: "Pod",
    namespace: "test",
    name,
    labels: new Map([["app", app]]),
    node: `node-${node}`,
    hostNetwork: false,
    completed: false,
    addresses: podAddresses(node, number),
    ports: testPorts.flatMap((port) => [
      { protocol: "TCP" as const, port },
      { protocol: "UDP" as const, port },
    ]),
  };
}

export function testCluster(
  nodes: readonly ClusterNode[],
  pods: readonly Pod[],
  policies: readonly NetworkPolicy[] = [],
): Cluster {
  const labels: Labels = new Map([[namespaceNameLabel, "test"]]);
  return {
    namespaces: new Map([["test", { kind: "Namespace", name: "test", labels, declared: true }]]),
    pods,
    nodes: new Map(nodes.map((node) => [node.name, node])),
    services: [],
    policies,
    clusterPolicies: [],
  };
}

export function app(value: string): LabelSelector {
  return { requirements: [{ key: "app", operator: "In", values: [value] }] };
}

export const podsOf = (value: string): PolicyPeer => ({ kind: "pods", path: "peer", podSelector: app(value) });

export function port(protocol: "TCP" | "UDP", first: number, last: number = first): PolicyPort {
  return { path: "port", protocol, port: { kind: "interval", first, last } };
}

/** A rule for a policy below: whom, and what; nobody named is everybody, nothing named is everything. */
export interface TestRule {
  readonly peers?: readonly PolicyPeer[];
  readonly ports?: readonly PolicyPort[];
}

/** A policy of namespace `test` that isolates pods labelled `subjects` for the directions it has rules of. */
export function testPolicy(
  name: string,
  subjects: string,
  rules: { readonly ingress?: readonly TestRule[]; readonly egress?: readonly TestRule[] },
): NetworkPolicy {
  const list = (some: readonly TestRule[] = []): NetworkPolicy["ingress"] =>
    some.map(({ peers = [], ports = [] }, index) => ({ path: `rule[${index}]`, peers, ports }));
  return {
    kind: "NetworkPolicy",
    namespace: "test",
    name,
    podSelector: app(subjects),
    directions: [...(rules.ingress ? (["ingress"] as const) : []), ...(rules.egress ? (["egress"] as const) : [])],
    ingress: list(rules.ingress),
    egress: list(rules.egress),
  };
}
