import { describe, expect, it } from "vitest";
import { readManifests } from "../../api/read-manifests.ts";
import { endpointOf } from "../../evaluate/endpoint-of.ts";
import { verdict } from "../../evaluate/reference-evaluator.ts";
import { clusterFrom } from "../../model/cluster-from.ts";
import { turningEdits } from "./turning-edits.ts";

const around = `
apiVersion: v1
kind: Pod
metadata:
  namespace: x
  name: server
  labels:
    app: server
spec:
  containers: [{name: s, image: s, ports: [{containerPort: 8080}]}]
---
{apiVersion: v1, kind: Service, metadata: {namespace: x, name: web}, spec: {selector: {app: server}, ports: [{port: 80, targetPort: 8080}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  namespace: x
  name: client
spec:
  template:
    metadata:
      labels:
        app: client # the only one
    spec:
      containers: [{name: c, image: c}]
---
`;

/** The best edit that would let x/client to x/server, TCP 8080, past these policies. */
function best(policies: string) {
  const { objects, diagnostics } = readManifests([{ name: "in.yaml", text: around + policies }]);
  expect(diagnostics).toEqual([]);
  const cluster = clusterFrom(objects);
  const end = (name: string) => endpointOf(cluster.pods.find((pod) => pod.name === name)!);
  const answer = verdict(cluster, { source: end("client-1"), destination: end("server"), protocol: "TCP", port: 8080 });
  const [found] = turningEdits(cluster, answer);
  return found?.edits.map(({ kind, summary, changes, added }) => ({
    kind,
    summary,
    changes: changes.map(({ text }) => text),
    added,
  }));
}

const policy = (rules: string, name = "p", directions = "Ingress"): string =>
  `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: x, name: ${name}}, spec: {podSelector: {matchLabels: {app: server}}, policyTypes: [${directions}], ${rules}}}`;

describe("the smallest edit", () => {
  it("writes the label that was meant", () => {
    const found = best(policy("ingress: [{from: [{podSelector: {matchLabels: {app: cleint}}}]}]"));
    expect(found).toMatchObject([{ kind: "correct-selector", changes: ["app: client"] }]);
  });

  it("leaves a label that another pod is let in by", () => {
    const clients = "{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: cleint, labels: {app: cleint}}}\n---\n";
    const found = best(clients + policy("ingress: [{from: [{podSelector: {matchLabels: {app: cleint}}}]}]"));
    expect(found).toMatchObject([{ kind: "add-peer" }]);
  });

  it("writes the pod's port in place of the Service's", () => {
    const found = best(policy("ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]"));
    expect(found).toMatchObject([{ kind: "correct-port", changes: ["8080"] }]);
  });

  it("adds a port where the peer is right", () => {
    const found = best(policy("ingress: [{from: [{podSelector: {}}], ports: [{port: 9090}]}]"));
    expect(found).toMatchObject([{ kind: "add-port", changes: [', {"port":8080}'] }]);
  });

  it("adds a peer where the port is right", () => {
    const found = best(
      policy("ingress: [{from: [{podSelector: {matchLabels: {tier: front}}}], ports: [{port: 8080}]}]"),
    );
    expect(found).toMatchObject([
      { kind: "add-peer", changes: [', {"podSelector":{"matchLabels":{"app":"client"}}}'] },
    ]);
  });

  it("is a policy where there is no rule to change", () => {
    expect(best(policy("ingress: []"))).toMatchObject([
      { kind: "add-policy", added: expect.stringContaining("app: client") },
    ]);
  });

  it("is one for each end where both deny", () => {
    const egress = `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: x, name: e}, spec: {podSelector: {matchLabels: {app: client}}, policyTypes: [Egress]}}`;
    const found = best(`${policy("ingress: [{from: [{podSelector: {}}], ports: [{port: 9090}]}]")}\n---\n${egress}`);
    expect(found?.map(({ kind }) => kind)).toEqual(["add-policy", "add-port"]);
  });

  it("puts a rule before that of a tier which denies", () => {
    const tier = `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: lock}
spec:
  tier: Admin
  priority: 10
  subject: {namespaces: {}}
  ingress:
    - action: Deny
      from:
        - namespaces: {}
`;
    expect(best(tier)).toMatchObject([
      { kind: "add-rule", summary: "add a rule before ClusterNetworkPolicy lock spec.ingress[0]" },
    ]);
  });

  it("does not promise anything of a policy that cannot be read", () => {
    const { objects } = readManifests([{ name: "in.yaml", text: around + policy("ingress: [{ports: [{port: 0}]}]") }]);
    const cluster = clusterFrom(objects);
    const end = (name: string) => endpointOf(cluster.pods.find((pod) => pod.name === name)!);
    const answer = verdict(cluster, {
      source: end("client-1"),
      destination: end("server"),
      protocol: "TCP",
      port: 8080,
    });
    for (const { edits } of turningEdits(cluster, answer))
      expect(edits.map(({ kind }) => kind)).toEqual(["add-policy"]);
  });
});
