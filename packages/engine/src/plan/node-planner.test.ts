import { describe, expect, it } from "vitest";
import type { Cluster } from "../model/cluster.ts";
import type { NetworkPolicy } from "../model/network-policy.ts";
import type { Pod } from "../model/pod.ts";
import type { LabelSelector } from "../model/selector.ts";
import { type Address, parseAddress } from "../net/address.ts";
import { identityAt, planAllows } from "./plan-allows.ts";
import type { NodePlan } from "./node-plan.ts";
import { NodePlanner } from "./node-planner.ts";

const links = { interfaceOf: ({ name }: Pod): string => `veth-${name}` };
const address = (text: string): Address => parseAddress(text) as Address;
const labelled = (key: string, ...values: string[]): LabelSelector => ({
  requirements: [{ key, operator: "In", values }],
});

function pod(name: string, node: string, ip: string, labels: Readonly<Record<string, string>>): Pod {
  return {
    kind: "Pod",
    namespace: "shop",
    name,
    labels: new Map(Object.entries(labels)),
    node,
    hostNetwork: false,
    completed: false,
    addresses: [address(ip)],
    ports: [],
  };
}

/** Pods of `app` are reached by pods of these teams alone. */
function reachedBy(app: string, ...teams: readonly string[]): NetworkPolicy {
  return {
    kind: "NetworkPolicy",
    namespace: "shop",
    name: `to-${app}`,
    podSelector: labelled("app", app),
    directions: ["ingress"],
    ingress: [
      {
        path: "rule",
        peers: teams.map((team) => ({ kind: "pods", path: "peer", podSelector: labelled("team", team) })),
        ports: [],
      },
    ],
    egress: [],
  };
}

const cart = pod("cart", "node-1", "10.1.0.1", { app: "cart" });
const ours = pod("ours", "node-2", "10.1.1.1", { team: "ours" });
const theirs = pod("theirs", "node-2", "10.1.1.2", { team: "theirs" });

function clusterOf(pods: readonly Pod[], policies: readonly NetworkPolicy[]): Cluster {
  return {
    namespaces: new Map([["shop", { kind: "Namespace", name: "shop", labels: new Map(), declared: true }]]),
    pods,
    nodes: new Map(),
    services: [],
    policies,
    clusterPolicies: [],
  };
}

function allows(plan: NodePlan, from: Pod): boolean {
  const [source, destination] = [from.addresses[0] as Address, cart.addresses[0] as Address];
  return planAllows(plan, source, destination, "TCP", 80);
}

describe("a node planner", () => {
  it("moves no other pod when one of its own gets labels that another policy of its namespace selects", () => {
    const policies = [reachedBy("cart", "ours"), reachedBy("web", "theirs")];
    const planner = new NodePlanner("node-1");
    const before = planner.plan(clusterOf([cart, ours, theirs], policies), links);
    const web = { ...cart, labels: new Map([["app", "web"]]) };
    const after = planner.plan(clusterOf([web, ours, theirs], policies), links);
    for (const other of [ours, theirs]) {
      const at = other.addresses[0] as Address;
      expect(identityAt(after, at)).toBe(identityAt(before, at));
    }
    expect([ours, theirs].map((from) => allows(before, from))).toEqual([true, false]);
    expect([ours, theirs].map((from) => allows(after, from))).toEqual([false, true]);
  });

  it("tells no pods apart for a namespace whose policies ask very much and select none of its pods", () => {
    const teams = Array.from({ length: 300 }, (_, index) => `team-${index}`);
    const others = [pod("first", "node-2", "10.1.1.3", { team: "team-0" }), theirs];
    const policies = [reachedBy("cart", "ours"), reachedBy("web", ...teams)];
    const plan = new NodePlanner("node-1").plan(clusterOf([cart, ours, ...others], policies), links);
    const [one, other] = others.map(({ addresses: [at] }) => identityAt(plan, at as Address));
    expect(one).toBe(other);
  });
});
