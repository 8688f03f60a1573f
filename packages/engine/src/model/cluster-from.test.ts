import { describe, expect, it } from "vitest";
import type { ClusterNode } from "./cluster.ts";
import { clusterFrom } from "./cluster-from.ts";
import type { Pod } from "./pod.ts";
import type { Workload } from "./workload.ts";

function workload(kind: Workload["kind"], name: string, replicas?: number): Workload {
  return {
    kind,
    namespace: "shop",
    name,
    labels: new Map([["app", name]]),
    hostNetwork: false,
    ports: [],
    ...(replicas === undefined ? {} : { replicas }),
  };
}

const barePod = (name: string): Pod => ({
  kind: "Pod",
  namespace: "shop",
  name,
  labels: new Map(),
  hostNetwork: false,
  completed: false,
  addresses: [],
  ports: [],
});
const node = (name: string): ClusterNode => ({ kind: "Node", name, labels: new Map(), addresses: [], podCidrs: [] });
const namesOf = (cluster: { pods: readonly Pod[] }): string[] => cluster.pods.map(({ name }) => name);

describe("a cluster of objects", () => {
  it("makes up a namespace that is only named, with the label that it is sure to have", () => {
    const { namespaces } = clusterFrom([barePod("web")]);
    expect(namespaces.get("shop")).toEqual({
      kind: "Namespace",
      name: "shop",
      labels: new Map([["kubernetes.io/metadata.name", "shop"]]),
      declared: false,
    });
  });

  it("keeps a declared namespace, also when it comes last", () => {
    const declared = { kind: "Namespace", name: "shop", labels: new Map([["team", "a"]]), declared: true } as const;
    expect(clusterFrom([barePod("web"), declared]).namespaces.get("shop")).toBe(declared);
  });

  it("has two pods for a workload of several that are alike, and all of a StatefulSet's", () => {
    const cluster = clusterFrom([workload("Deployment", "web", 5), workload("StatefulSet", "db", 3)]);
    expect(namesOf(cluster)).toEqual(["web-1", "web-2", "db-0", "db-1", "db-2"]);
    expect(cluster.pods.map((pod) => pod.workload?.replicas)).toEqual([5, 5, undefined, undefined, undefined]);
    expect(namesOf(clusterFrom([workload("Deployment", "web", 1)]))).toEqual(["web-1"]);
  });

  it("has no pod for a workload that is scaled to zero", () => {
    expect(namesOf(clusterFrom([workload("Deployment", "web", 0), workload("StatefulSet", "db", 0)]))).toEqual([]);
  });

  it("has as many pods as asked for", () => {
    const replicas = ({ replicas: wanted = 1 }: Workload): number => Math.min(wanted, 2);
    const cluster = clusterFrom([workload("Deployment", "web", 5), workload("Job", "job")], { replicas });
    expect(namesOf(cluster)).toEqual(["web-1", "web-2", "job-1"]);
  });

  it("labels the pods of a StatefulSet as its controller does", () => {
    const [, second] = clusterFrom([workload("StatefulSet", "db", 2)]).pods;
    expect(Object.fromEntries(second?.labels ?? [])).toEqual({
      app: "db",
      "statefulset.kubernetes.io/pod-name": "db-1",
      "apps.kubernetes.io/pod-index": "1",
    });
  });

  it("has a DaemonSet's pod on every node, or one where no node is known", () => {
    const cluster = clusterFrom([workload("DaemonSet", "agent"), node("one"), node("two")]);
    expect(cluster.pods.map((pod) => [pod.name, pod.node])).toEqual([
      ["agent-one", "one"],
      ["agent-two", "two"],
    ]);
    expect(namesOf(clusterFrom([workload("DaemonSet", "agent")]))).toEqual(["agent-1"]);
  });

  it("never lets a made-up pod take the place of another", () => {
    const cluster = clusterFrom([workload("Deployment", "web"), workload("Job", "web"), barePod("web-1")]);
    expect(cluster.pods).toHaveLength(3);
    expect(new Set(namesOf(cluster)).size).toBe(3);
    expect(cluster.pods.find(({ name }) => name === "web-1")?.workload).toBeUndefined();
  });
});
