import { describe, expect, it } from "vitest";
import type { Cluster } from "../model/cluster.ts";
import type { ClusterPolicy } from "../model/cluster-policy.ts";
import type { NetworkPolicy, PolicyPeer, PolicyRule } from "../model/network-policy.ts";
import type { Pod } from "../model/pod.ts";
import { type Address, parseAddress } from "../net/address.ts";
import { type Cidr, cidrOf } from "../net/cidr.ts";
import { type Budgets, defaultBudgets } from "./budgets.ts";
import type { NodePlan } from "./node-plan.ts";
import { planAllows, planAllowsToOwnNode } from "./plan-allows.ts";
import { planNode } from "./plan-node.ts";

const address = (text: string): Address => parseAddress(text) as Address;
const selecting = (app: string) => ({ requirements: [{ key: "app", operator: "In" as const, values: [app] }] });

function pod(name: string, number: number, node = "here"): Pod {
  return {
    kind: "Pod",
    namespace: "shop",
    name,
    labels: new Map([["app", name]]),
    node,
    hostNetwork: false,
    completed: false,
    addresses: [address(`10.0.0.${number}`)],
    ports: [],
  };
}

const hostile = pod("hostile", 1);
const web = pod("web", 2);
const cart = pod("cart", 3, "there");

function ingress(subject: string, rules: readonly PolicyRule[], name = subject): NetworkPolicy {
  const podSelector = selecting(subject);
  return {
    kind: "NetworkPolicy",
    namespace: "shop",
    name,
    podSelector,
    directions: ["ingress"],
    ingress: rules,
    egress: [],
  };
}

/** A rule for one port. */
function rule(peers: readonly PolicyPeer[], port = 80): PolicyRule {
  return {
    path: "rule",
    peers,
    ports: [{ path: "port", protocol: "TCP", port: { kind: "interval", first: port, last: port } }],
  };
}

/** The number-th block of a size, from 20.0.0.0 on. */
function block(number: number, prefix = 32): Cidr {
  return cidrOf({ family: 4, words: [0, 0, 0, 0x1400_0000 + number * 2 ** (32 - prefix)] }, prefix);
}

const peer = (cidr: Cidr, except: readonly Cidr[] = []): PolicyPeer => ({
  kind: "ipBlock",
  path: "peer",
  cidr,
  except,
});
const blocks = (from: number, count: number): PolicyPeer[] =>
  Array.from({ length: count }, (_, index) => peer(block(from + index)));
const forWeb = ingress("web", [rule([{ kind: "pods", path: "peer", podSelector: selecting("cart") }])]);

function plan(policies: readonly NetworkPolicy[], budgets?: Partial<Budgets>, tiers: readonly ClusterPolicy[] = []) {
  const cluster: Cluster = {
    namespaces: new Map([["shop", { kind: "Namespace", name: "shop", labels: new Map(), declared: true }]]),
    pods: [hostile, web, cart],
    nodes: new Map(),
    services: [],
    policies: [forWeb, ...policies],
    clusterPolicies: tiers,
  };
  const startedAt = performance.now();
  const made = planNode(cluster, "here", { interfaceOf: () => undefined }, { ...defaultBudgets, ...budgets });
  return { made, tookMs: performance.now() - startedAt };
}

/** The hostile pod is closed on every side, and the other goes on. */
function expectClosed(made: NodePlan, because: RegExp): void {
  expect([...made.refused.keys()]).toEqual(["shop/hostile"]);
  expect(made.refused.get("shop/hostile")).toMatch(because);
  const [own, other, remote] = [hostile, web, cart].map(({ addresses }) => addresses[0] as Address) as [
    Address,
    Address,
    Address,
  ];
  for (const [from, to] of [
    [own, remote],
    [remote, own],
    [own, own],
    [own, other],
  ] as const) {
    expect(planAllows(made, from, to, "TCP", 80)).toBe(false);
  }
  expect(planAllowsToOwnNode(made, own, address("172.18.0.1"), "TCP", 80)).toBe(false);
  expect(planAllows(made, remote, other, "TCP", 80)).toBe(true);
  expect(planAllows(made, remote, other, "TCP", 81)).toBe(false);
  expect(planAllows(made, other, remote, "TCP", 81)).toBe(true);
}

describe("a pod past a budget", () => {
  it("is refused with 5,000 rules and a million addresses, at once, by name, and the rest goes on", () => {
    const rules = Array.from({ length: 5_000 }, (_, index) => rule(blocks(index * 200, 200), 1 + index));
    const { made, tookMs } = plan([ingress("hostile", rules, "huge")]);
    expectClosed(made, /^its policies have 5000 rules, most in NetworkPolicy shop\/huge; 2000 are accepted$/);
    expect(made.identities.size).toBeLessThan(10);
    console.log(`5,000 rules with a million addresses: refused in ${Math.round(tookMs)} ms`);
    expect(tookMs).toBeLessThan(5_000);
  });

  it("is refused with a million addresses in few rules, whatever number of policies they are spread over", () => {
    const policies = Array.from({ length: 20 }, (_, index) =>
      ingress("hostile", [rule(blocks(index * 50_000, 50_000))], `part-${index}`),
    );
    const { made, tookMs } = plan(policies);
    expectClosed(made, /name 1000000 address blocks, most in NetworkPolicy shop\/part-0; 20000 are accepted/);
    expect(tookMs).toBeLessThan(5_000);
  });

  it("is refused for blocks that lie over each other, which are more work than their number tells", () => {
    const everything = cidrOf(address("0.0.0.0"), 0);
    const rules = Array.from({ length: 1_500 }, (_, index) => rule([peer(everything, [block(index * 2)])], 1 + index));
    const { made, tookMs } = plan([ingress("hostile", rules)]);
    expectClosed(made, /overlap \d+ times/);
    expect(tookMs).toBeLessThan(5_000);
  });

  it("is refused for many rules about many addresses", () => {
    const rules = Array.from({ length: 1_900 }, (_, index) => rule(blocks(index * 20, 10), 1 + index));
    expectClosed(plan([ingress("hostile", rules)]).made, /have 1900 rules over \d+ pieces of addresses/);
  });

  it("is none with a cloud provider's 9,000 networks in few rules", () => {
    const networks = Array.from({ length: 9_000 }, (_, index) => peer(block(2 * index, 24)));
    const { made, tookMs } = plan([ingress("hostile", [rule(networks), rule(networks, 443)])]);
    expect(made.refused).toEqual(new Map());
    expect(tookMs).toBeLessThan(20_000);
  });

  it("is refused for what its rule sets need in the kernel", () => {
    const { made } = plan([ingress("hostile", [rule(blocks(0, 50))])], { elementsPerRuleSet: 20 });
    expectClosed(made, /a rule set of its needs more than 20 elements/);
    expect([...made.ruleSets.keys()].filter((key) => key.includes("block"))).toEqual([]);
  });

  it("is the one that asks most, where a node's pods ask too much together", () => {
    const some = [ingress("hostile", [rule(blocks(0, 20), 81)]), ingress("web", [rule(blocks(5, 10), 82)], "more")];
    expectClosed(plan(some, { piecesPerPod: 50, piecesPerNode: 40 }).made, /of this node's policies overlap \d+ times/);
    expectClosed(plan(some, { elementsPerNode: 15 }).made, /the rule sets of this node need more than 15 elements/);
    expectClosed(plan(some, { ruleSetsPerNode: 1 }).made, /this node needs more than 1 rule sets/);
    expect(plan(some).made.refused).toEqual(new Map());
  });

  it("is refused for rules of tiers as for those of its namespace", () => {
    const networks = Array.from({ length: 20_001 }, (_, index) => block(index));
    const tier: ClusterPolicy = {
      kind: "ClusterNetworkPolicy",
      name: "wide",
      tier: "Admin",
      priority: 1,
      subject: { namespaceSelector: { requirements: [] }, podSelector: selecting("hostile") },
      ingress: [],
      egress: [{ path: "rule", action: "Deny", ports: [], peers: [{ kind: "networks", path: "peer", networks }] }],
    };
    expectClosed(plan([], {}, [tier]).made, /20001 address blocks, most in ClusterNetworkPolicy wide/);
  });

  it("is none at the largest that is accepted, and that is worked out in bounded time", () => {
    const rules = Array.from({ length: 1_900 }, (_, index) =>
      rule([peer(block(2 * index)), ...(index % 2 ? [peer(block(2 * (5_000 + index)))] : [])], 1 + index),
    );
    const { made, tookMs } = plan([ingress("hostile", rules)]);
    expect(made.refused).toEqual(new Map());
    expect(made.identities.size).toBeGreaterThan(1_900);
    console.log(`1,900 rules with 2,850 blocks: ${Math.round(tookMs)} ms`);
    expect(tookMs).toBeLessThan(20_000);
  });
});
