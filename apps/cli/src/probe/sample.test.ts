import { clusterFrom, readManifests } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { podKinds } from "./pod-kinds.ts";
import { probeOutcome } from "./probe-outcome.ts";
import { everything, sample, trialsIn } from "./sample.ts";
import { standInPod } from "./stand-in.ts";

let host = 0;
const pod = (name: string, app: string, port = 80): string => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: ${app}, pod-template-hash: ${name}}}
spec: {nodeName: node1, containers: [{name: c, image: i, ports: [{containerPort: ${port}}, {containerPort: 53, protocol: UDP}]}]}
status: {phase: Running, podIP: 10.0.0.${++host}}
`;
const policy = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]
`;
const cluster = clusterFrom(
  readManifests([
    {
      name: "shop.yaml",
      text: [pod("web-1", "web"), pod("web-2", "web"), pod("db-1", "db", 5432), pod("job-1", "job"), policy].join(
        "---\n",
      ),
    },
  ]).objects,
);

describe("what is tried", () => {
  it("is from one pod of each kind", () => {
    expect(podKinds(cluster).map(({ name }) => name)).toEqual(["web-1", "db-1", "job-1"]);
  });

  it("is for each policy one connection that it allows and one that it denies", () => {
    const wants = sample(cluster, cluster.policies).map(({ direction, wanted, trial }) => [
      direction,
      wanted,
      trial && `${trial.source.name} ${trial.destination.name} ${trial.port}`,
    ]);
    expect(wants).toEqual([
      ["ingress", "allowed", "web-1 db-1 5432"],
      ["ingress", "denied", "db-1 db-1 5432"],
    ]);
    expect(trialsIn(sample(cluster, cluster.policies))).toHaveLength(2);
  });

  it("is with --all every two kinds, a kind and itself too, on every port of TCP", () => {
    expect(everything(cluster)).toHaveLength(9);
  });
});

describe("a pod that stands in for another", () => {
  it("has its labels, is never ready and has a controller, so that no Service and no ReplicaSet takes it", () => {
    const [like] = podKinds(cluster);
    const [trial] = everything(cluster);
    if (like === undefined || trial === undefined) throw new Error("there are pods");
    const made = standInPod({ name: "p", like, trials: [{ ...trial, number: 7 }] }, { image: "i", namespaceUid: "u" });
    expect(made).toMatchObject({
      metadata: {
        namespace: "shop",
        labels: { app: "web", "podwall.dev/made-by": "probe" },
        ownerReferences: [{ kind: "Namespace", uid: "u", controller: true }],
      },
      spec: {
        readinessGates: [{ conditionType: "podwall.dev/never-ready" }],
        containers: [{ args: ["7 tcp 10.0.0.1 10.0.0.1:80"] }],
      },
    });
  });
});

describe("what was seen", () => {
  it.each([
    ["allowed", ["open", "open"], "agrees"],
    ["allowed", ["TIMEOUT", "open", "open"], "agrees"],
    ["allowed", ["open", "TIMEOUT"], "disagrees"],
    ["allowed", ["REFUSED", "REFUSED"], "unknown"],
    ["allowed", ["open"], "unknown"],
    ["denied", ["TIMEOUT", "REFUSED"], "agrees"],
    ["denied", ["TIMEOUT", "open"], "disagrees"],
    ["denied", [], "unknown"],
  ] as const)("%s and seen %j: it %s", (predicted, seen, outcome) => {
    expect(probeOutcome({ predicted, seen })).toBe(outcome);
  });
});
