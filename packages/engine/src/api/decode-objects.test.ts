import { describe, expect, it } from "vitest";
import { formatAddress } from "../net/address.ts";
import { formatCidr } from "../net/cidr.ts";
import { messagesOf, placesOf, readText } from "./testing.ts";

function objectOf(value: unknown): ReturnType<typeof readText>["objects"][number] {
  const { objects, diagnostics } = readText(JSON.stringify(value));
  expect(diagnostics).toEqual([]);
  expect(objects).toHaveLength(1);
  return objects[0] as (typeof objects)[number];
}

const containers = [
  {
    ports: [
      { containerPort: 80, name: "http" },
      { containerPort: 53, protocol: "UDP" },
    ],
  },
];
const metadata = { name: "web", namespace: "shop" };

describe("decodeObjects", () => {
  it("reads a Pod: labels, node, addresses, and the ports of containers and sidecars", () => {
    const pod = objectOf({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...metadata, labels: { app: "web", ["__proto__"]: "x" } },
      spec: {
        nodeName: "n1",
        hostNetwork: true,
        containers,
        initContainers: [
          { restartPolicy: "Always", ports: [{ containerPort: 90 }] },
          { ports: [{ containerPort: 91 }] },
        ],
      },
      status: {
        phase: "Running",
        podIP: "10.0.0.9",
        podIPs: [{ ip: "10.0.0.1" }, { ip: "fd00::1" }, { ip: "10.0.0.2" }],
      },
    });
    if (pod.kind !== "Pod") throw new Error("no pod");
    expect(pod).toMatchObject({ namespace: "shop", name: "web", node: "n1", hostNetwork: true, completed: false });
    expect([...pod.labels.keys()]).toEqual(["app", "__proto__"]);
    expect(pod.addresses.map(formatAddress)).toEqual(["10.0.0.1", "fd00::1"]);
    expect(pod.ports).toEqual([
      { protocol: "TCP", port: 80, name: "http" },
      { protocol: "UDP", port: 53 },
      { protocol: "TCP", port: 90 },
    ]);
  });

  it("reads podIP where there are no podIPs, and whether a Pod has ended", () => {
    const pod = objectOf({ apiVersion: "v1", kind: "Pod", metadata, status: { podIP: "10.0.0.9", phase: "Failed" } });
    if (pod.kind !== "Pod") throw new Error("no pod");
    expect(pod.addresses.map(formatAddress)).toEqual(["10.0.0.9"]);
    expect(pod.completed).toBe(true);
    expect("node" in pod).toBe(false);
  });

  const template = { metadata: { labels: { app: "web" } }, spec: { containers } };
  it.each([
    ["apps/v1", "Deployment", { replicas: 3, template }, 3],
    ["apps/v1", "Deployment", { template }, 1],
    ["apps/v1", "ReplicaSet", { replicas: 0, template }, 0],
    ["apps/v1", "StatefulSet", { replicas: 2, template }, 2],
    ["v1", "ReplicationController", { replicas: 2, template }, 2],
    ["batch/v1", "Job", { parallelism: 4, template }, 4],
    ["batch/v1", "CronJob", { jobTemplate: { spec: { parallelism: 5, template } } }, 5],
    ["apps/v1", "DaemonSet", { template }, undefined],
  ])("reads a %s %s", (apiVersion, kind, spec, replicas) => {
    const workload = objectOf({ apiVersion, kind, metadata, spec });
    expect(workload).toMatchObject({ kind, namespace: "shop", name: "web", labels: new Map([["app", "web"]]) });
    expect("replicas" in workload ? workload.replicas : undefined).toBe(replicas);
    expect("ports" in workload && workload.ports).toHaveLength(2);
  });

  it("gives every Namespace its name as a label, whatever the manifest says", () => {
    const labels = { "kubernetes.io/metadata.name": "other", team: "a" };
    expect(objectOf({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels } })).toMatchObject({
      declared: true,
      labels: new Map([
        ["kubernetes.io/metadata.name", "shop"],
        ["team", "a"],
      ]),
    });
  });

  it("reads a Node: its addresses that are IPs, and the ranges of its pods", () => {
    const addresses = [
      { type: "Hostname", address: "n1" },
      { type: "InternalIP", address: "192.168.0.1" },
      { type: "ExternalIP", address: "fd00::1" },
    ];
    const node = objectOf({
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "n1" },
      spec: { podCIDR: "10.9.0.0/24", podCIDRs: ["10.0.0.0/24", "fd01::/64"] },
      status: { addresses },
    });
    if (node.kind !== "Node") throw new Error("no node");
    expect(node.addresses.map(formatAddress)).toEqual(["192.168.0.1", "fd00::1"]);
    expect(node.podCidrs.map(formatCidr)).toEqual(["10.0.0.0/24", "fd01::/64"]);
  });

  it("reads a Service, whose targetPort is its port unless it says otherwise", () => {
    const ports = [
      { name: "a", port: 80, targetPort: "http" },
      { name: "b", port: 81, protocol: "UDP" },
      { name: "c", port: 82, targetPort: 8082 },
    ];
    const service = objectOf({
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { selector: { app: "web" }, clusterIP: "10.96.0.1", clusterIPs: ["10.96.0.1", "fd02::1"], ports },
    });
    if (service.kind !== "Service") throw new Error("no service");
    expect(service.addresses.map(formatAddress)).toEqual(["10.96.0.1", "fd02::1"]);
    expect(service).toMatchObject({ headless: false, type: "ClusterIP", selector: new Map([["app", "web"]]) });
    expect(service.ports.map(({ protocol, port, targetPort }) => [protocol, port, targetPort])).toEqual([
      ["TCP", 80, "http"],
      ["UDP", 81, 81],
      ["TCP", 82, 8082],
    ]);
  });

  it("reads a headless Service, and one without a selector", () => {
    const service = objectOf({ apiVersion: "v1", kind: "Service", metadata, spec: { clusterIP: "None" } });
    expect(service).toMatchObject({ headless: true, addresses: [] });
    expect("selector" in service).toBe(false);
  });

  it("takes lists apart, lists in lists and typed lists whose items say no kind too", () => {
    const pod = (name: string): unknown => ({ metadata: { name } });
    const pods = { apiVersion: "v1", kind: "PodList", items: [pod("a"), pod("b")] };
    const config = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" } };
    const { objects, ignored, diagnostics } = readText(
      JSON.stringify({ apiVersion: "v1", kind: "List", items: [pods, config, null] }),
    );
    expect(diagnostics).toEqual([]);
    expect(objects).toMatchObject([
      { kind: "Pod", namespace: "default", name: "a" },
      { kind: "Pod", name: "b" },
    ]);
    expect([...ignored]).toEqual([["ConfigMap", 1]]);
  });

  it("counts kinds and versions it has no use for", () => {
    const text =
      "apiVersion: v1\nkind: Secret\n---\napiVersion: v1\nkind: Secret\n---\napiVersion: extensions/v1beta1\nkind: Deployment\n";
    expect([...readText(text).ignored]).toEqual([
      ["Secret", 2],
      ["Deployment", 1],
    ]);
  });

  it("reports what says no kind or apiVersion, and what is no object", () => {
    expect(placesOf("a: 1\n---\nkind: Pod\n---\napiVersion: v1\n---\n- a\n---\nhello\n")).toEqual([
      "PW1011 1:1",
      "PW1011 3:1",
      "PW1011 5:1",
      "PW1011 7:1",
      "PW1011 9:1",
    ]);
    expect(readText("kind: Deployment\n").diagnostics[0]?.help).toBe("add `apiVersion: apps/v1`");
  });

  it("leaves out an object with a value of the wrong type, and says where", () => {
    const text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  replicas: two\n";
    expect(readText(text).objects).toEqual([]);
    expect(placesOf(text)).toEqual(["PW1012 5:13"]);
    expect(messagesOf(text)).toEqual(["spec.replicas: Invalid value: two: must be a whole number, not text"]);
  });

  it("knows nothing of fields it does not use", () => {
    expect(
      messagesOf("apiVersion: v1\nkind: Pod\nmetadata: {name: a, x: 1}\nspec: {containers: [{image: 5}], y: {}}\n"),
    ).toEqual([]);
  });

  it("refuses names that are none, since they go into paths and rules", () => {
    expect(placesOf("apiVersion: v1\nkind: Pod\nmetadata: {name: ../../etc}\n")).toEqual(["PW2001 3:18"]);
    expect(placesOf("apiVersion: v1\nkind: Namespace\nmetadata: {name: a.b}\n")).toEqual(["PW2001 3:18"]);
  });

  it("names an object that leaves its name to the API server after its line", () => {
    expect(readText("apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: load-}\n").objects).toMatchObject([
      { name: "load-3" },
    ]);
  });
});
