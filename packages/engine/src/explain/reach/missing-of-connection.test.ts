import { describe, expect, it } from "vitest";
import { type Cluster, undeclaredNamespace } from "../../model/cluster.ts";
import type { NetworkPolicy } from "../../model/network-policy.ts";
import type { Pod } from "../../model/pod.ts";
import type { LabelSelector } from "../../model/selector.ts";
import { parseCidr } from "../../net/cidr.ts";
import { missingFacts } from "../unknown/missing-facts.ts";
import { missingOfConnection, missingOfPair } from "./missing-of-connection.ts";

type Rules = NetworkPolicy["ingress"];
type Peer = Rules[number]["peers"][number];

const team = (value: string): LabelSelector => ({ requirements: [{ key: "team", operator: "In", values: [value] }] });
const everyPod: LabelSelector = { requirements: [] };

function pod(namespace: string): Pod {
  return {
    kind: "Pod",
    namespace,
    name: "one",
    labels: new Map(),
    hostNetwork: false,
    completed: false,
    addresses: [],
    ports: [],
  };
}

/** Rules that allow all of some peers, and others to make for many ways in which things may be. */
function rules(peer: Peer): Rules {
  const others = Array.from(
    { length: 60 },
    (_, index): Peer => ({
      kind: "pods",
      path: "peer",
      namespaceSelector: team(`t${index}`),
      podSelector: everyPod,
    }),
  );
  const on = (number: number) => [
    { path: "port", protocol: "TCP" as const, port: { kind: "interval" as const, first: number, last: number } },
  ];
  return [
    { path: "rule", peers: [peer], ports: on(80) },
    { path: "other", peers: others, ports: on(9) },
  ];
}

/** A pod may send to a team's pods alone, and the other take from one block alone: nothing is said of either. */
function cluster(): Cluster {
  const [from, to] = ["a", "b"];
  const policy = (namespace: string, direction: "ingress" | "egress", allowed: Rules): NetworkPolicy => ({
    kind: "NetworkPolicy",
    namespace,
    name: direction,
    podSelector: everyPod,
    directions: [direction],
    ingress: direction === "ingress" ? allowed : [],
    egress: direction === "egress" ? allowed : [],
  });
  const block = parseCidr("10.9.0.0/24").cidr!;
  return {
    namespaces: new Map([from, to].map((name) => [name, undeclaredNamespace(name)])),
    nodes: new Map(),
    pods: [pod(from), pod(to)],
    services: [],
    policies: [
      policy(
        from,
        "egress",
        rules({ kind: "pods", path: "peer", namespaceSelector: team("z"), podSelector: everyPod }),
      ),
      policy(to, "ingress", rules({ kind: "ipBlock", path: "peer", cidr: block, except: [] })),
    ],
    clusterPolicies: [],
  };
}

describe("what is missing of an answer", () => {
  it("is found where it takes several facts together, and there are too many ways in which things may be to try each", () => {
    const seen = { cluster: cluster() };
    const [from, to] = seen.cluster.pods.map((one) => ({ kind: "pod" as const, pod: one })) as [never, never];
    const asked = { source: from, destination: to, protocol: "TCP", port: 80 } as const;
    expect(missingFacts(seen.cluster, [], asked)).toEqual([]);
    expect(missingOfConnection(seen, asked).map(({ kind }) => kind)).toContain("namespace-labels");
    expect(missingOfPair(seen, from, to).map(({ kind }) => kind)).toContain("namespace-labels");
    // What no way opens is known.
    expect(missingOfConnection(seen, { ...asked, port: 443 })).toEqual([]);
  });
});
