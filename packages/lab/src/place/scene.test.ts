import { type NetworkPolicy, type Pod, formatAddress, parseCidr, podKey, readManifests } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { outsideWorldOf } from "./outside-world.ts";
import { type SceneOptions, SceneSetter } from "./scene.ts";

const options: SceneOptions = { nodes: 2, replicas: 2, families: [4, 6] };

function read(text: string): Parameters<SceneSetter["set"]>[0] {
  return readManifests([{ name: "test.yaml", text }]).objects;
}

const pod = (name: string, spec = "{}"): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: demo }\nspec: ${spec}\n---\n`;

function workload(kind: string, name: string, replicas: number): string {
  const spec = `{ replicas: ${replicas}, selector: { matchLabels: { app: ${name} } }, template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: c, image: i }] } } }`;
  return `apiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: demo }\nspec: ${spec}\n---\n`;
}

function addressesOf(pods: readonly Pod[], key: string): string[] {
  return (pods.find((candidate) => podKey(candidate) === key)?.addresses ?? []).map(formatAddress);
}

describe("a scene", () => {
  it("spreads pods over nodes, and keeps every pod where it is when others come and go", () => {
    const objects = read(pod("a") + pod("b") + pod("c"));
    const setter = new SceneSetter(objects, options);
    const before = setter.set(objects).cluster.pods;
    expect(new Set(before.map(({ node }) => node))).toEqual(new Set(["node-1", "node-2"]));
    const after = setter.set(read(pod("d") + pod("c") + pod("b"))).cluster.pods;
    for (const key of ["demo/b", "demo/c"]) expect(addressesOf(after, key)).toEqual(addressesOf(before, key));
    const all = [...before, ...after].filter((one) => podKey(one) !== "demo/b" && podKey(one) !== "demo/c");
    const distinct = new Set(
      all
        .filter(({ name }) => name === "a" || name === "d")
        .map(({ addresses }) => addresses.map(formatAddress).join()),
    );
    expect(distinct.size).toBe(2);
  });

  it("respects the nodes of the manifests and where they put a pod", () => {
    const nodes = ["east", "west"]
      .map((name) => `apiVersion: v1\nkind: Node\nmetadata: { name: ${name} }\n---\n`)
      .join("");
    const objects = read(nodes + pod("a", "{ nodeName: west }") + pod("b", "{ nodeName: west }"));
    const { cluster } = new SceneSetter(objects, options).set(objects);
    expect([...cluster.nodes.keys()]).toEqual(["east", "west"]);
    expect(addressesOf(cluster.pods, "demo/b")).toEqual(["10.244.2.3", "fd00:10:244:2::3"]);
  });

  it("caps replicas and says so, and runs a DaemonSet on every node", () => {
    const objects = read(workload("Deployment", "web", 5) + workload("DaemonSet", "log", 1));
    const { cluster, notes } = new SceneSetter(objects, options).set(objects);
    expect(cluster.pods.map(podKey)).toEqual(
      expect.arrayContaining(["demo/web-1", "demo/web-2", "demo/log-node-1", "demo/log-node-2"]),
    );
    expect(cluster.pods).toHaveLength(5);
    expect(notes).toContain("at most 2 pods of a workload are run; these ask for more: demo/web (5)");
  });

  it("gives addresses of the wanted families only", () => {
    const objects = read(pod("a"));
    const { cluster } = new SceneSetter(objects, { ...options, families: [6] }).set(objects);
    expect(cluster.pods.flatMap(({ addresses }) => addresses).every(({ family }) => family === 6)).toBe(true);
    expect(cluster.services.flatMap(({ addresses }) => addresses).every(({ family }) => family === 6)).toBe(true);
  });

  it("gives a hostNetwork pod its node's addresses and spreads such pods", () => {
    const objects = read(pod("a", "{ hostNetwork: true }") + pod("b", "{ hostNetwork: true }"));
    const { cluster } = new SceneSetter(objects, options).set(objects);
    expect(addressesOf(cluster.pods, "demo/a")).toEqual(["172.18.0.1", "fd00:172:18::1"]);
    expect(addressesOf(cluster.pods, "demo/b")).toEqual(["172.18.0.2", "fd00:172:18::2"]);
  });
});

describe("the outside world", () => {
  const policy = (
    blocks: readonly { readonly cidr: string; readonly except?: readonly string[] }[],
  ): NetworkPolicy => ({
    kind: "NetworkPolicy",
    namespace: "demo",
    name: "p",
    podSelector: { requirements: [] },
    directions: ["egress"],
    ingress: [],
    egress: [
      {
        path: "spec.egress[0]",
        ports: [
          { path: "spec.egress[0].ports[0]", protocol: "TCP", port: { kind: "interval", first: 32000, last: 32768 } },
        ],
        peers: blocks.map(({ cidr, except = [] }, index) => ({
          kind: "ipBlock",
          path: `spec.egress[0].to[${index}]`,
          cidr: parsed(cidr),
          except: except.map(parsed),
        })),
      },
    ],
  });

  function parsed(text: string): NonNullable<ReturnType<typeof parseCidr>["cidr"]> {
    const { cidr } = parseCidr(text);
    if (cidr === undefined) throw new Error(text);
    return cidr;
  }

  function worldOf(...blocks: Parameters<typeof policy>[0]): string[] {
    const cluster = {
      namespaces: new Map(),
      pods: [],
      nodes: new Map(),
      services: [],
      policies: [policy(blocks)],
      clusterPolicies: [],
    };
    return outsideWorldOf(cluster, [4, 6]).addresses.map(formatAddress);
  }

  it("has an address in each block, in each exception and in none of them", () => {
    expect(worldOf({ cidr: "172.16.0.0/12", except: ["172.17.0.0/16"] })).toEqual([
      "172.16.0.10",
      "172.17.0.10",
      "203.0.113.10",
      "2001:db8::10",
    ]);
  });

  it("has no address that a pod, a node or a Service could have", () => {
    expect(worldOf({ cidr: "10.244.0.0/16" })).toEqual(["203.0.113.10", "2001:db8::10"]);
    expect(worldOf({ cidr: "10.0.0.0/8" })[0]).toBe("10.0.0.10");
  });

  it("has none outside a block that holds everything", () => {
    expect(worldOf({ cidr: "0.0.0.0/0", except: ["203.0.113.0/24"] })).toEqual([
      "198.51.100.10",
      "203.0.113.10",
      "2001:db8::10",
    ]);
  });

  it("listens on the edges of port ranges and just beyond", () => {
    const cluster = {
      namespaces: new Map(),
      pods: [],
      nodes: new Map(),
      services: [],
      policies: [policy([{ cidr: "192.0.2.0/24" }])],
      clusterPolicies: [],
    };
    expect(outsideWorldOf(cluster, [4]).ports.map(({ port }) => port)).toEqual([443, 32000, 32768, 32769]);
  });
});
