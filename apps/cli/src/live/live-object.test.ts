import { describe, expect, it } from "vitest";
import { liveKinds } from "./live-kinds.ts";
import { slimObject } from "./slim-object.ts";
import { workloadOf } from "./workload-of.ts";

const pod = (metadata: object, rest: object = {}) => ({
  metadata: { name: "a", resourceVersion: "1", ...metadata },
  ...rest,
});
const kindOf = (name: string) => liveKinds.find(({ kind }) => kind === name) as (typeof liveKinds)[number];

describe("an object of a cluster", () => {
  it("loses what is the server's or may be secret, and keeps what its author says of connections", () => {
    const env = [{ name: "PASSWORD", value: "hunter2" }];
    const object = pod(
      {
        uid: "1",
        managedFields: [{}],
        labels: { app: "a" },
        annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}", note: "kept" },
      },
      {
        spec: { hostNetwork: true, volumes: [{}], containers: [{ name: "c", env, ports: [{ containerPort: 80 }] }] },
        status: { phase: "Running", podIP: "10.0.0.1", conditions: [{}] },
      },
    );
    expect(JSON.parse(JSON.stringify(slimObject(object, kindOf("Pod"))))).toEqual({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "a", labels: { app: "a" }, annotations: { note: "kept" } },
      spec: { hostNetwork: true, containers: [{ name: "c", ports: [{ containerPort: 80 }] }] },
      status: { phase: "Running", podIP: "10.0.0.1" },
    });
  });

  it("of another kind keeps all of its spec and nothing of its status", () => {
    const policy = pod({ namespace: "x" }, { spec: { podSelector: {} }, status: { conditions: [] } });
    expect(JSON.parse(JSON.stringify(slimObject(policy, kindOf("NetworkPolicy"))))).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "a", namespace: "x" },
      spec: { podSelector: {} },
    });
  });

  it("never is of a kind that holds secrets", () => {
    expect(liveKinds.map(({ kind }) => kind)).not.toEqual(expect.arrayContaining(["Secret"]));
    expect(liveKinds.map(({ kind }) => kind)).not.toEqual(expect.arrayContaining(["ConfigMap"]));
  });
});

describe("a pod's workload", () => {
  const owned = (kind: string, name: string, hash?: string, controller = true) =>
    workloadOf(
      pod({
        ownerReferences: [
          { kind: "Other", name: "x" },
          { kind, name, controller },
        ],
        labels: hash === undefined ? undefined : { "pod-template-hash": hash },
      }),
    );

  it("is its controller, and of a Deployment's ReplicaSet the Deployment", () => {
    expect(owned("ReplicaSet", "web-5d9c", "5d9c")).toEqual({ kind: "Deployment", name: "web" });
    expect(owned("ReplicaSet", "web-5d9c")).toEqual({ kind: "ReplicaSet", name: "web-5d9c" });
    expect(owned("StatefulSet", "db")).toEqual({ kind: "StatefulSet", name: "db" });
  });

  it("is not there for a bare pod, a node's own, or an owner that does not control it", () => {
    expect(workloadOf(pod({}))).toBeUndefined();
    expect(workloadOf(pod({ ownerReferences: "hostile" }))).toBeUndefined();
    expect(owned("Node", "n")).toBeUndefined();
    expect(owned("DaemonSet", "d", undefined, false)).toBeUndefined();
  });
});
