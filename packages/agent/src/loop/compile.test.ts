import { type Cidr, type Cluster, type ClusterNode, formatCidr, parseCidr } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { withClusterPodCidrs, withPodCidrs } from "./compile.ts";

const cidr = (text: string): Cidr => parseCidr(text).cidr as Cidr;

function node(...ranges: readonly string[]): ClusterNode {
  return { kind: "Node", name: "n", labels: new Map(), addresses: [], podCidrs: ranges.map(cidr) };
}

function cluster(...nodes: readonly ClusterNode[]): Cluster {
  return {
    namespaces: new Map(),
    pods: [],
    nodes: new Map(nodes.map((one) => [one.name, one])),
    services: [],
    policies: [],
    clusterPolicies: [],
  };
}

const rangesIn = ({ nodes }: Cluster): readonly string[] | undefined => nodes.get("n")?.podCidrs.map(formatCidr);

describe("a node's pod ranges", () => {
  it("are those that its Node says", () => {
    const given = withPodCidrs("n", []);
    const state = cluster(node("10.0.0.0/24"));
    expect(given(state)).toBe(state);
    expect(rangesIn(given(cluster(node("10.0.1.0/24"))))).toEqual(["10.0.1.0/24"]);
    expect(rangesIn(withPodCidrs("n", [])(cluster()))).toBeUndefined();
    expect(rangesIn(withPodCidrs("n", [])(cluster(node())))).toEqual([]);
  });

  it("stay while its Node is gone or says none: a quarantine is not opened by that", () => {
    const given = withPodCidrs("n", []);
    given(cluster(node("10.0.0.0/24")));
    expect(rangesIn(given(cluster()))).toEqual(["10.0.0.0/24"]);
    const anew = node();
    const [first, second] = [given(cluster(anew)), given(cluster(anew))];
    expect(rangesIn(first)).toEqual(["10.0.0.0/24"]);
    // The same node for the same, so that nothing is planned anew.
    expect(second.nodes.get("n")).toBe(first.nodes.get("n"));
    expect(rangesIn(given(cluster(node("10.0.7.0/24"))))).toEqual(["10.0.7.0/24"]);
    expect(rangesIn(given(cluster()))).toEqual(["10.0.7.0/24"]);
  });

  it("are those given by hand, whatever its Node says", () => {
    const given = withPodCidrs("n", [cidr("10.9.0.0/16")]);
    for (const state of [cluster(), cluster(node("10.0.0.0/24")), cluster(node())])
      expect(rangesIn(given(state))).toEqual(["10.9.0.0/16"]);
    const anew = node();
    expect(given(cluster(anew)).nodes.get("n")).toBe(given(cluster(anew)).nodes.get("n"));
  });
});

describe("a cluster's pod ranges", () => {
  it("are no node's own, so that its quarantine is not for others' pods", () => {
    const told = withClusterPodCidrs([cidr("10.0.0.0/8")]);
    const state = cluster(node());
    const { nodes } = told(state);
    expect(rangesIn(told(state))).toEqual([]);
    expect([...nodes.values()].flatMap(({ podCidrs }) => podCidrs.map(formatCidr))).toEqual(["10.0.0.0/8"]);
    expect(told(state).nodes).toBe(nodes);
    expect(withClusterPodCidrs([])(state)).toBe(state);
  });
});
