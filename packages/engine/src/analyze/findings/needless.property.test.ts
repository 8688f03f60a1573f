import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Endpoint } from "../../evaluate/connection.ts";
import { connections } from "../../evaluate/connections.ts";
import { endpointOf } from "../../evaluate/endpoint-of.ts";
import { portsOfRule } from "../../evaluate/ports-of-rule.ts";
import { matchingPeer } from "../../evaluate/reference-evaluator.ts";
import type { Cluster } from "../../model/cluster.ts";
import type { ClusterPolicy } from "../../model/cluster-policy.ts";
import type { Direction, NetworkPolicy, PolicyRule } from "../../model/network-policy.ts";
import { selects } from "../../model/selector.ts";
import { type Address, parseAddress } from "../../net/address.ts";
import { formatConnections, intersect, isEmpty } from "../../net/connection-set.ts";
import { arbitraryCluster } from "../../testing/arbitrary-cluster.ts";
import { findingInput } from "./finding-input.ts";
import { needlessPolicies, needlessRulesOf } from "./rules/adds-nothing.ts";
import { deniedAtOtherEnd } from "./rules/one-end-only.ts";
import { findDeadRules, rulesOf } from "./rules/tier-order.ts";

const address = (text: string): Address => parseAddress(text) as Address;

/** No node has a range of pods: what tiers do about pods that are not known is not counted as a rule's effect. */
const frame = {
  namespaces: ["x", "y"],
  nodes: [{ kind: "Node" as const, name: "n", labels: new Map(), addresses: [address("172.18.0.1")], podCidrs: [] }],
  pods: [1, 2, 3, 4].map((index) => ({
    namespace: index < 3 ? "x" : "y",
    name: `pod-${index}`,
    node: "n",
    hostNetwork: false,
    addresses: [address(`10.0.0.${index}`)],
  })),
  outside: [address("203.0.113.10"), address("10.0.0.99")],
  ports: [53, 80, 8080],
  protocols: ["TCP", "UDP"] as const,
};

/** What every end may send to every other, by the reference evaluator. */
function mapOf(cluster: Cluster): readonly string[] {
  const ends: readonly Endpoint[] = [
    ...cluster.pods.map((pod) => endpointOf(pod)),
    ...frame.outside.map((own) => ({ kind: "address" as const, address: own })),
  ];
  return ends.flatMap((source) =>
    ends.map((destination) => formatConnections(connections(cluster, source, destination))),
  );
}

/** Rules drawn at random seldom cover each other: some are added that say the same as another or less. */
function withCopies(cluster: Cluster): Cluster {
  const copies = cluster.policies.flatMap((policy, index): NetworkPolicy[] => {
    const narrower = { key: "tier", operator: "In" as const, values: ["a"] };
    const podSelector =
      index % 2 === 0 ? policy.podSelector : { requirements: [...policy.podSelector.requirements, narrower] };
    const ingress = index % 3 === 0 ? policy.ingress.slice(1) : [...policy.ingress, ...policy.ingress.slice(0, 1)];
    return [
      { ...policy, name: `copy-${index}`, podSelector, ingress: policy.directions.includes("ingress") ? ingress : [] },
    ];
  });
  return { ...cluster, policies: [...cluster.policies, ...copies] };
}

describe("a policy that is said to change nothing", () => {
  it("changes nothing when it is taken away, together with all others that are", () => {
    let found = 0;
    fc.assert(
      fc.property(arbitraryCluster(frame).map(withCopies), (cluster) => {
        const needless = needlessPolicies(cluster.policies);
        found += needless.size;
        const without = { ...cluster, policies: cluster.policies.filter((policy) => !needless.has(policy)) };
        expect(mapOf(without)).toEqual(mapOf(cluster));
      }),
      { numRuns: 150 },
    );
    expect(found).toBeGreaterThan(100);
  });
});

describe("a rule that is said to add nothing", () => {
  it("adds nothing, taken away together with all others that are", () => {
    let found = 0;
    fc.assert(
      fc.property(arbitraryCluster(frame).map(withCopies), (cluster) => {
        const policies = cluster.policies.map((policy) => {
          const [ingress, egress] = [needlessRulesOf(policy, "ingress"), needlessRulesOf(policy, "egress")];
          found += ingress.size + egress.size;
          return {
            ...policy,
            ingress: policy.ingress.filter((_, index) => !ingress.has(index)),
            egress: policy.egress.filter((_, index) => !egress.has(index)),
          };
        });
        expect(mapOf({ ...cluster, policies })).toEqual(mapOf(cluster));
      }),
      { numRuns: 150 },
    );
    expect(found).toBeGreaterThan(100);
  });
});

describe("a rule that is said to be denied by the other end", () => {
  it("lets nothing through for any pods it is about", () => {
    let found = 0;
    fc.assert(
      fc.property(arbitraryCluster({ ...frame, tiers: true }), (cluster) => {
        const objects = [...cluster.namespaces.values(), ...cluster.nodes.values(), ...cluster.pods];
        const input = findingInput([...objects, ...cluster.policies, ...cluster.clusterPolicies]);
        for (const policy of cluster.policies) {
          for (const direction of ["ingress", "egress"] as const) {
            for (const rule of policy[direction]) {
              if (deniedAtOtherEnd(input, policy, direction, rule) === undefined) continue;
              found++;
              expect(passing(cluster, policy, direction, rule)).toEqual([]);
            }
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(found).toBeGreaterThan(20);
  });
});

/** The pairs of pods that a rule is about and of which something is allowed that the rule allows. */
function passing(cluster: Cluster, policy: NetworkPolicy, direction: Direction, rule: PolicyRule): readonly string[] {
  const subjects = cluster.pods.filter(
    (pod) => pod.namespace === policy.namespace && selects(policy.podSelector, pod.labels),
  );
  return subjects.flatMap((subject) =>
    cluster.pods.flatMap((peer) => {
      const [self, other] = [endpointOf(subject), endpointOf(peer)];
      const [source, destination] = direction === "egress" ? [self, other] : [other, self];
      if (subject === peer || !matchingPeer(cluster, policy, rule, other).matches) return [];
      const about = portsOfRule(rule.ports, destination);
      const passes = !isEmpty(intersect(about, connections(cluster, source, destination)));
      return passes ? [`${subject.name} ${peer.name}`] : [];
    }),
  );
}

describe("a rule of a tier that is said to be never reached", () => {
  it("decides nothing: without it every verdict is the same", () => {
    let found = 0;
    fc.assert(
      fc.property(arbitraryCluster({ ...frame, tiers: true }), (cluster) => {
        const dead = new Map<ClusterPolicy, Set<string>>();
        const policies = cluster.clusterPolicies.map(withRepeats);
        for (const tier of ["Admin", "Baseline"] as const) {
          for (const direction of ["ingress", "egress"] as const) {
            for (const { dead: one } of findDeadRules(rulesOf(policies, tier, direction))) {
              dead.set(one.policy, (dead.get(one.policy) ?? new Set()).add(`${direction} ${one.index}`));
              found++;
            }
          }
        }
        const without = policies.map((policy) => {
          const isKept = (direction: string) => (_: unknown, index: number) =>
            dead.get(policy)?.has(`${direction} ${index}`) !== true;
          return {
            ...policy,
            ingress: policy.ingress.filter(isKept("ingress")),
            egress: policy.egress.filter(isKept("egress")),
          };
        });
        expect(mapOf({ ...cluster, clusterPolicies: without })).toEqual(
          mapOf({ ...cluster, clusterPolicies: policies }),
        );
      }),
      { numRuns: 150 },
    );
    expect(found).toBeGreaterThan(100);
  });
});

/** A policy whose first rules come again, with the other action. */
function withRepeats(policy: ClusterPolicy): ClusterPolicy {
  const again = (rules: ClusterPolicy["ingress"]): ClusterPolicy["ingress"] => [
    ...rules,
    ...rules
      .slice(0, 1)
      .map((rule) => ({ ...rule, action: rule.action === "Deny" ? ("Accept" as const) : ("Deny" as const) })),
  ];
  return { ...policy, ingress: again(policy.ingress), egress: again(policy.egress) };
}
