import fc from "fast-check";
import { type Cluster, type ClusterNode, type Namespace, namespaceNameLabel } from "../model/cluster.ts";
import type {
  Direction,
  IpBlockPeer,
  NetworkPolicy,
  PodPeer,
  PolicyPeer,
  PolicyPort,
  PolicyRule,
} from "../model/network-policy.ts";
import type { ContainerPort, Pod } from "../model/pod.ts";
import type { LabelSelector, Labels, SelectorRequirement } from "../model/selector.ts";
import type { Address } from "../net/address.ts";
import { type Cidr, cidrOf, formatCidr } from "../net/cidr.ts";
import type { Protocol } from "../net/protocol.ts";

/** What stays the same in all clusters drawn: where pods are and what can listen there. */
export interface ClusterFrame {
  readonly namespaces: readonly string[];
  readonly pods: readonly Pick<Pod, "namespace" | "name" | "node" | "addresses" | "hostNetwork">[];
  readonly nodes: readonly ClusterNode[];
  /** Addresses that are no pod's, for blocks to be drawn around. */
  readonly outside: readonly Address[];
  /** Ports that connections are tried on. */
  readonly ports: readonly number[];
  readonly protocols: readonly Protocol[];
}

const keys = ["app", "tier"] as const;
const values = ["a", "b", "c"] as const;
const portNames = ["http", "dns"] as const;

/** Clusters over a frame: labels, declared ports and policies of every shape are drawn. */
export function arbitraryCluster(frame: ClusterFrame): fc.Arbitrary<Cluster> {
  return fc
    .record({
      namespaceLabels: fc.tuple(...frame.namespaces.map(() => arbitraryLabels)),
      pods: fc.tuple(...frame.pods.map((slot) => arbitraryPod(frame, slot))),
      policies: fc.array(arbitraryPolicy(frame), { minLength: 1, maxLength: 6, size: "max" }),
    })
    .map(
      ({ namespaceLabels, pods, policies }): Cluster => ({
        namespaces: new Map(
          frame.namespaces.map((name, index) => [name, namespace(name, namespaceLabels[index] as Labels)]),
        ),
        pods,
        nodes: new Map(frame.nodes.map((node) => [node.name, node])),
        services: [],
        policies: policies.map((policy, index) => ({ ...policy, name: `policy-${index}` })),
        clusterPolicies: [],
      }),
    );
}

function namespace(name: string, labels: Labels): Namespace {
  return { kind: "Namespace", name, labels: new Map([...labels, [namespaceNameLabel, name]]), declared: true };
}

const arbitraryLabels: fc.Arbitrary<Labels> = fc
  .record({ app: fc.constantFrom(...values), tier: fc.option(fc.constantFrom(...values), { nil: undefined }) })
  .map(({ app, tier }) => new Map([["app", app], ...(tier === undefined ? [] : [["tier", tier] as const])]));

function arbitraryPod(frame: ClusterFrame, slot: ClusterFrame["pods"][number]): fc.Arbitrary<Pod> {
  const port: fc.Arbitrary<ContainerPort> = fc.record({
    name: fc.constantFrom(...portNames),
    protocol: fc.constantFrom(...frame.protocols),
    port: fc.constantFrom(...frame.ports),
  });
  return fc
    .record({ labels: arbitraryLabels, ports: fc.array(port, { maxLength: 3 }) })
    .map(({ labels, ports }): Pod => ({ kind: "Pod", completed: false, ...slot, labels, ports }));
}

const arbitraryRequirement: fc.Arbitrary<SelectorRequirement> = fc.oneof(
  fc.record({
    key: fc.constantFrom(...keys),
    operator: fc.constantFrom("In" as const, "NotIn" as const),
    values: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({
    key: fc.constantFrom(...keys),
    operator: fc.constantFrom("Exists" as const, "DoesNotExist" as const),
    values: fc.constant([]),
  }),
);

const arbitrarySelector: fc.Arbitrary<LabelSelector> = fc.record({
  requirements: fc.array(arbitraryRequirement, { maxLength: 2 }),
});

function arbitraryPolicy(frame: ClusterFrame): fc.Arbitrary<NetworkPolicy> {
  const rules = (direction: Direction): fc.Arbitrary<PolicyRule[]> =>
    fc.array(arbitraryRule(frame, direction), { maxLength: 3 });
  return fc
    .record({
      namespace: fc.constantFrom(...frame.namespaces),
      podSelector: arbitrarySelector,
      directions: fc.uniqueArray(fc.constantFrom<Direction>("ingress", "egress"), { minLength: 1 }),
      ingress: rules("ingress"),
      egress: rules("egress"),
    })
    .map(
      ({ directions, ingress, egress, ...rest }): NetworkPolicy => ({
        kind: "NetworkPolicy",
        name: "policy",
        ...rest,
        directions,
        ingress: directions.includes("ingress") ? ingress : [],
        egress: directions.includes("egress") ? egress : [],
      }),
    );
}

function arbitraryRule(frame: ClusterFrame, direction: Direction): fc.Arbitrary<PolicyRule> {
  return fc
    .record({
      peers: fc.array(arbitraryPeer(frame), { maxLength: 2 }),
      ports: fc.array(arbitraryPort(frame), { maxLength: 2 }),
    })
    .map((rule) => ({ path: `spec.${direction}[]`, ...rule }));
}

function arbitraryPeer(frame: ClusterFrame): fc.Arbitrary<PolicyPeer> {
  const pods: fc.Arbitrary<PodPeer> = fc
    .record({
      podSelector: fc.option(arbitrarySelector, { nil: undefined }),
      namespaceSelector: fc.option(arbitrarySelector, { nil: undefined }),
    })
    .map(({ podSelector, namespaceSelector }) => ({
      kind: "pods",
      path: "peer",
      // A peer without any selector is refused by validation; without a namespace selector it is the own namespace.
      ...(podSelector === undefined && namespaceSelector !== undefined
        ? {}
        : { podSelector: podSelector ?? { requirements: [] } }),
      ...(namespaceSelector === undefined ? {} : { namespaceSelector }),
    }));
  return fc.oneof({ weight: 2, arbitrary: pods }, { weight: 1, arbitrary: arbitraryBlock(frame) });
}

function arbitraryBlock(frame: ClusterFrame): fc.Arbitrary<IpBlockPeer> {
  const addresses = [
    ...frame.pods.flatMap((pod) => pod.addresses),
    ...frame.nodes.flatMap((node) => node.addresses),
    ...frame.outside,
  ];
  const around = (shortest: number): fc.Arbitrary<Cidr> =>
    fc.constantFrom(...addresses).chain((address) => {
      const width = address.family === 4 ? 32 : 128;
      return fc.constantFrom(0, 8, width - 8, width - 2, width - 1, width).map((prefix) => {
        return cidrOf(address, Math.max(prefix, shortest));
      });
    });
  return fc
    .record({ cidr: around(0), exceptions: fc.array(around(1), { maxLength: 2 }) })
    .map(({ cidr, exceptions }) => ({
      kind: "ipBlock",
      path: "peer",
      cidr,
      except: exceptions.filter((except) => isStrictlyInside(except, cidr)),
    }));
}

/** What validation asks of an exception. */
function isStrictlyInside(inner: Cidr, outer: Cidr): boolean {
  return (
    inner.family === outer.family &&
    inner.prefix > outer.prefix &&
    formatCidr(cidrOf(inner.first, outer.prefix)) === formatCidr(outer)
  );
}

function arbitraryPort(frame: ClusterFrame): fc.Arbitrary<PolicyPort> {
  const number = fc.constantFrom(...frame.ports);
  const match: fc.Arbitrary<PolicyPort["port"]> = fc.oneof(
    fc.constant({ kind: "all" as const }),
    number.map((port) => ({ kind: "interval" as const, first: port, last: port })),
    fc
      .tuple(number, number)
      .map(([a, b]) => ({ kind: "interval" as const, first: Math.min(a, b), last: Math.max(a, b) })),
    fc.constantFrom(...portNames).map((name) => ({ kind: "named" as const, name })),
  );
  return fc
    .record({ protocol: fc.constantFrom(...frame.protocols), port: match })
    .map((port) => ({ path: "port", ...port }));
}
