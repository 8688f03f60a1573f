import fc from "fast-check";
import { type Cluster, type Namespace, namespaceNameLabel } from "../model/cluster.ts";
import type { ClusterPolicy } from "../model/cluster-policy.ts";
import type {
  Direction,
  IpBlockPeer,
  NetworkPolicy,
  PodPeer,
  PolicyPeer,
  PolicyRule,
} from "../model/network-policy.ts";
import type { ContainerPort, Pod } from "../model/pod.ts";
import type { Labels } from "../model/selector.ts";
import {
  type ClusterFrame,
  arbitraryCidr,
  arbitraryPort,
  arbitrarySelector,
  labelValues,
  portNames,
} from "./arbitrary-parts.ts";
import { arbitraryClusterPolicy } from "./arbitrary-cluster-policy.ts";
import { type Cidr, cidrOf, formatCidr } from "../net/cidr.ts";

/** Clusters over a frame: labels, declared ports and policies of every shape are drawn. */
export function arbitraryCluster(frame: ClusterFrame): fc.Arbitrary<Cluster> {
  return fc
    .record({
      namespaceLabels: fc.tuple(...frame.namespaces.map(() => arbitraryLabels)),
      pods: fc.tuple(...frame.pods.map((slot) => arbitraryPod(frame, slot))),
      policies: fc.array(arbitraryPolicy(frame), { minLength: 1, maxLength: 6, size: "max" }),
      clusterPolicies:
        frame.tiers === true
          ? fc.array(arbitraryClusterPolicy(frame), { maxLength: 4, size: "max" })
          : fc.constant<ClusterPolicy[]>([]),
    })
    .map(
      ({ namespaceLabels, pods, policies, clusterPolicies }): Cluster => ({
        namespaces: new Map(
          frame.namespaces.map((name, index) => [name, namespace(name, namespaceLabels[index] as Labels)]),
        ),
        pods,
        nodes: new Map(frame.nodes.map((node) => [node.name, node])),
        services: [],
        policies: policies.map((policy, index) => ({ ...policy, name: `policy-${index}` })),
        clusterPolicies: clusterPolicies.map((policy, index) => ({ ...policy, name: `cluster-policy-${index}` })),
      }),
    );
}

function namespace(name: string, labels: Labels): Namespace {
  return { kind: "Namespace", name, labels: new Map([...labels, [namespaceNameLabel, name]]), declared: true };
}

const arbitraryLabels: fc.Arbitrary<Labels> = fc
  .record({
    app: fc.constantFrom(...labelValues),
    tier: fc.option(fc.constantFrom(...labelValues), { nil: undefined }),
  })
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
  return fc
    .record({ cidr: arbitraryCidr(frame, 0), exceptions: fc.array(arbitraryCidr(frame, 1), { maxLength: 2 }) })
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
