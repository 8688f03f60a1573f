import { describe, expect, it } from "vitest";
import type { Cluster } from "../model/cluster.ts";
import type { ClusterPolicy, TierAction } from "../model/cluster-policy.ts";
import type { NetworkPolicy } from "../model/network-policy.ts";
import type { Pod } from "../model/pod.ts";
import { verdict } from "./reference-evaluator.ts";

const everything = { requirements: [] };
const pod: Pod = {
  kind: "Pod",
  namespace: "shop",
  name: "web",
  labels: new Map(),
  hostNetwork: false,
  completed: false,
  addresses: [],
  ports: [],
};
const isolated: NetworkPolicy = {
  kind: "NetworkPolicy",
  namespace: "shop",
  name: "nothing",
  podSelector: everything,
  directions: ["ingress", "egress"],
  ingress: [],
  egress: [],
};

function tier(name: "Admin" | "Baseline", direction: "ingress" | "egress", action: TierAction): ClusterPolicy {
  const rule = {
    path: "rule",
    action,
    ports: [],
    peers: [{ kind: "selected-pods" as const, path: "peer", namespaceSelector: everything }],
  };
  return {
    kind: "ClusterNetworkPolicy",
    name: `${name}-${direction}`,
    tier: name,
    priority: 1,
    subject: { namespaceSelector: everything },
    ingress: direction === "ingress" ? [rule] : [],
    egress: direction === "egress" ? [rule] : [],
  };
}

function toItself(throughService: boolean, ...clusterPolicies: readonly ClusterPolicy[]) {
  const cluster: Cluster = {
    namespaces: new Map([["shop", { kind: "Namespace", name: "shop", labels: new Map(), declared: true }]]),
    pods: [pod],
    nodes: new Map(),
    services: [],
    policies: [isolated],
    clusterPolicies,
  };
  const end = { kind: "pod" as const, pod };
  const { allowed, egress, ingress } = verdict(cluster, {
    source: end,
    destination: end,
    protocol: "TCP",
    port: 80,
    throughService,
  });
  return [allowed, egress.reason.kind, ingress.reason.kind];
}

describe("a pod that reaches itself", () => {
  it("is kept from itself by nothing by its own address", () => {
    expect(toItself(false, tier("Admin", "egress", "Deny"))).toEqual([true, "self", "self"]);
  });

  it("is not kept from itself by NetworkPolicy through a Service", () => {
    expect(toItself(true)).toEqual([true, "self", "self"]);
  });

  it("is judged by the tiers of both directions through a Service", () => {
    expect(toItself(true, tier("Admin", "egress", "Deny"))).toEqual([false, "denied-by-tier", "self"]);
    expect(toItself(true, tier("Baseline", "ingress", "Deny"))).toEqual([false, "self", "denied-by-tier"]);
    expect(toItself(true, tier("Admin", "egress", "Pass"), tier("Baseline", "egress", "Deny"))[0]).toBe(false);
    expect(toItself(true, tier("Admin", "egress", "Accept"), tier("Baseline", "egress", "Deny"))).toEqual([
      true,
      "accepted-by-tier",
      "self",
    ]);
  });
});
