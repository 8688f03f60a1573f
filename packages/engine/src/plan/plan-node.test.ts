import { describe, expect, it } from "vitest";
import type { Cluster } from "../model/cluster.ts";
import type { NetworkPolicy, PolicyPeer, PolicyPort, PolicyRule } from "../model/network-policy.ts";
import type { Pod } from "../model/pod.ts";
import type { LabelSelector } from "../model/selector.ts";
import { type Address, formatAddress, parseAddress } from "../net/address.ts";
import { type Cidr, parseCidr } from "../net/cidr.ts";
import { formatConnections } from "../net/connection-set.ts";
import type { NodePlan } from "./node-plan.ts";
import { identityAt, planAllows } from "./plan-allows.ts";
import { planNode } from "./plan-node.ts";

const address = (text: string): Address => parseAddress(text) as Address;
const cidr = (text: string): Cidr => parseCidr(text).cidr as Cidr;
const labelled = (label: string): LabelSelector => {
  const [key, value] = label.split("=") as [string, string];
  return { requirements: [{ key, operator: "In", values: [value] }] };
};

function pod(name: string, node: string, ip: string, label: string, ports: Pod["ports"] = []): Pod {
  const [key, value] = label.split("=") as [string, string];
  return {
    kind: "Pod",
    namespace: "shop",
    name,
    labels: new Map([[key, value]]),
    node,
    hostNetwork: false,
    completed: false,
    addresses: [address(ip)],
    ports,
  };
}

function rule(peers: readonly PolicyPeer[], ports: readonly PolicyPort[] = []): PolicyRule {
  return { path: "rule", peers, ports };
}

const pods = (label: string): PolicyPeer => ({ kind: "pods", path: "peer", podSelector: labelled(label) });
const tcp = (first: number, last = first): PolicyPort => ({
  path: "port",
  protocol: "TCP",
  port: { kind: "interval", first, last },
});

function policy(subjects: string, rules: Partial<Pick<NetworkPolicy, "ingress" | "egress">>): NetworkPolicy {
  return {
    kind: "NetworkPolicy",
    namespace: "shop",
    name: "policy",
    podSelector: labelled(subjects),
    directions: [...(rules.ingress ? (["ingress"] as const) : []), ...(rules.egress ? (["egress"] as const) : [])],
    ingress: rules.ingress ?? [],
    egress: rules.egress ?? [],
  };
}

function plan(podList: readonly Pod[], policies: readonly NetworkPolicy[]): NodePlan {
  const cluster: Cluster = {
    namespaces: new Map([["shop", { kind: "Namespace", name: "shop", labels: new Map(), declared: true }]]),
    pods: podList,
    nodes: new Map(),
    services: [],
    policies,
    clusterPolicies: [],
  };
  return planNode(cluster, "here", { interfaceOf: ({ name }) => `pw${name}`, podInterfacePrefix: "pw" });
}

const web = pod("web", "here", "10.0.0.1", "app=web");
const cart = pod("cart", "there", "10.0.0.2", "app=cart");
const stranger = pod("stranger", "there", "10.0.0.3", "app=stranger");

describe("a node's plan", () => {
  it("has rule sets for the pods of this node only, and none for pods that are not isolated", () => {
    const found = plan([web, cart], [policy("app=web", { ingress: [] }), policy("app=cart", { egress: [] })]);
    expect([...found.localPods.keys()]).toEqual(["shop/web"]);
    expect(found.localPods.get("shop/web")).toMatchObject({ ingress: "ingress", interfaceName: "pwweb" });
    expect(found.localPods.get("shop/web")).not.toHaveProperty("egress");
    expect(found.ruleSets.size).toBe(1);
  });

  it("gives addresses that no rule tells apart one identity", () => {
    const found = plan([web, cart, stranger], [policy("app=web", { ingress: [rule([pods("app=cart")])] })]);
    expect(found.identities.size).toBe(2);
    expect(identityAt(found, address("10.0.0.3"))).toBe(identityAt(found, address("8.8.8.8")));
    expect([...found.podIdentities].map(([address]) => address)).toEqual(["10.0.0.2"]);
  });

  it("cuts one identity in two where a block covers half of what a selector selects", () => {
    const second = { ...cart, name: "cart-2", addresses: [address("10.0.0.200")] };
    const found = plan(
      [web, cart, second],
      [
        policy("app=web", {
          ingress: [
            rule([pods("app=cart")], [tcp(80)]),
            rule([{ kind: "ipBlock", path: "peer", cidr: cidr("10.0.0.128/25"), except: [] }], [tcp(443)]),
          ],
        }),
      ],
    );
    expect(planAllows(found, address("10.0.0.2"), address("10.0.0.1"), "TCP", 80)).toBe(true);
    expect(planAllows(found, address("10.0.0.2"), address("10.0.0.1"), "TCP", 443)).toBe(false);
    expect(planAllows(found, address("10.0.0.200"), address("10.0.0.1"), "TCP", 80)).toBe(true);
    expect(planAllows(found, address("10.0.0.200"), address("10.0.0.1"), "TCP", 443)).toBe(true);
    expect(planAllows(found, address("10.0.0.201"), address("10.0.0.1"), "TCP", 80)).toBe(false);
  });

  it("resolves an egress port name for each destination, two numbers included", () => {
    const named: PolicyPort = { path: "port", protocol: "TCP", port: { kind: "named", name: "http" } };
    const both = pod("both", "there", "10.0.0.4", "app=cart", [
      { name: "http", protocol: "TCP", port: 8080 },
      { name: "http", protocol: "TCP", port: 8081 },
      { name: "http", protocol: "UDP", port: 8082 },
    ]);
    const found = plan([web, cart, both], [policy("app=web", { egress: [rule([], [named])] })]);
    const [rules] = [...found.ruleSets.values()];
    expect(formatConnections(rules?.byIdentity.get(identityAt(found, address("10.0.0.4"))) ?? rules!.common)).toBe(
      "TCP 8080-8081",
    );
    expect(planAllows(found, address("10.0.0.1"), address("10.0.0.2"), "TCP", 8080)).toBe(false);
  });

  it("keeps what is allowed to everyone out of the identities", () => {
    const found = plan([web, cart], [policy("app=web", { ingress: [rule([], [tcp(80)]), rule([pods("app=cart")])] })]);
    const [rules] = [...found.ruleSets.values()];
    expect(formatConnections(rules!.common)).toBe("TCP 80");
    expect([...rules!.byIdentity.values()].map(formatConnections)).toEqual(["all"]);
  });

  it("keeps the keys of rule sets and identities that a change does not concern", () => {
    const before = plan([web, cart, stranger], [policy("app=web", { ingress: [rule([pods("app=cart")])] })]);
    const after = plan(
      [web, cart, stranger],
      [policy("app=web", { ingress: [rule([pods("app=cart")])], egress: [rule([pods("app=stranger")])] })],
    );
    expect(after.ruleSets.has([...before.ruleSets.keys()][0] as string)).toBe(true);
    expect(identityAt(after, address("10.0.0.2"))).toBe(identityAt(before, address("10.0.0.2")));
    expect(identityAt(after, address("10.0.0.3"))).not.toBe(identityAt(before, address("10.0.0.3")));
  });

  it("covers every address of both families with adjacent atoms", () => {
    const found = plan(
      [web],
      [
        policy("app=web", {
          egress: [rule([{ kind: "ipBlock", path: "peer", cidr: cidr("0.0.0.0/0"), except: [cidr("10.0.0.0/8")] }])],
        }),
      ],
    );
    expect(found.atoms[4].map(({ first, last }) => `${formatAddress(first)}-${formatAddress(last)}`)).toEqual([
      "0.0.0.0-9.255.255.255",
      "10.0.0.0-10.255.255.255",
      "11.0.0.0-255.255.255.255",
    ]);
    expect(found.atoms[6]).toHaveLength(1);
  });
});
