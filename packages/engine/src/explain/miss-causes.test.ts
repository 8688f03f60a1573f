import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readManifests } from "../api/read-manifests.ts";
import { endpointAt, endpointOf } from "../evaluate/endpoint-of.ts";
import { verdict } from "../evaluate/reference-evaluator.ts";
import { type Cluster } from "../model/cluster.ts";
import { clusterFrom } from "../model/cluster-from.ts";
import { type Address, parseAddress } from "../net/address.ts";
import { arbitraryCluster } from "../testing/arbitrary-cluster.ts";
import type { MissCause } from "./miss-cause.ts";
import { missCauses } from "./miss-causes.ts";

const pods = `
{apiVersion: v1, kind: Namespace, metadata: {name: x, labels: {team: red}}}
---
apiVersion: v1
kind: Pod
metadata: {namespace: x, name: server, labels: {app: server}}
spec: {containers: [{name: s, image: s, ports: [{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]}]}
---
{apiVersion: v1, kind: Service, metadata: {namespace: x, name: web}, spec: {selector: {app: server}, ports: [{port: 80, targetPort: http}]}}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: client, labels: {app: client, project: my-project}}, status: {podIP: 10.0.0.5}}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: other, name: client, labels: {app: client}}}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: host, labels: {app: client}}, spec: {hostNetwork: true}}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: done, labels: {app: client}}, status: {phase: Succeeded}}
---
`;

/** Why a policy for x/server with this rule keeps somebody from TCP 8080. */
function causes(rule: string, from = "x/client"): MissCause[] {
  const policy = `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: x, name: p}, spec: {podSelector: {matchLabels: {app: server}}, ingress: [${rule}]}}`;
  const { objects, diagnostics } = readManifests([{ name: "in.yaml", text: pods + policy }]);
  expect(diagnostics).toEqual([]);
  const cluster = clusterFrom(objects);
  const source = endNamed(cluster, from);
  const destination = endNamed(cluster, "x/server");
  return allCauses(cluster, verdict(cluster, { source, destination, protocol: "TCP", port: 8080 }));
}

function allCauses(cluster: Cluster, answer: ReturnType<typeof verdict>): MissCause[] {
  return [answer.egress, answer.ingress].flatMap(({ direction, reason }) =>
    reason.kind === "no-rule-matches"
      ? reason.misses.flatMap((miss) => missCauses(cluster, answer.connection, direction, miss))
      : [],
  );
}

function endNamed(cluster: Cluster, name: string) {
  const address = parseAddress(name);
  if (address !== undefined) return endpointAt(cluster, address);
  return endpointOf(cluster.pods.find((pod) => `${pod.namespace}/${pod.name}` === name)!);
}

describe("why a rule does not allow a connection", () => {
  it.each([
    ["{from: [{podSelector: {matchLabels: {project: myproject}}}]}", "project", "my-project"],
    ["{from: [{podSelector: {matchLabels: {projct: my-project}}}]}", "project", "my-project"],
    ["{from: [{podSelector: {matchLabels: {app: Client}}}]}", "app", "client"],
  ])("names the label that was meant: %s", (rule, key, value) => {
    expect(causes(rule)).toMatchObject([{ kind: "pod-label", near: { key, value } }]);
  });

  it.each([
    "{from: [{podSelector: {matchLabels: {app: gateway}}}]}",
    "{from: [{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [client]}]}}]}",
    "{from: [{podSelector: {matchExpressions: [{key: app, operator: DoesNotExist}]}}]}",
    "{from: [{podSelector: {matchExpressions: [{key: unheard-of, operator: Exists}]}}]}",
    // Another pod of the namespace is labelled so.
    "{from: [{podSelector: {matchLabels: {app: server}}}]}",
    // Told apart on purpose.
    "{from: [{podSelector: {matchLabels: {project: project-my}}}]}",
  ])("suggests nothing where nothing is near: %s", (rule) => {
    const [cause] = causes(rule);
    expect(cause).toMatchObject({ kind: "pod-label" });
    expect(cause).not.toHaveProperty("near");
  });

  it("is the namespace's label when that fails first", () => {
    const rule =
      "{from: [{namespaceSelector: {matchLabels: {team: blue}}, podSelector: {matchLabels: {app: gateway}}}]}";
    expect(causes(rule)).toMatchObject([{ kind: "namespace-label", found: "red" }]);
  });

  it("is the namespace where a peer without namespaceSelector stays in its own", () => {
    const rule = "{from: [{podSelector: {matchLabels: {app: client}}}]}";
    expect(causes(rule, "other/client")).toMatchObject([{ kind: "other-namespace", wanted: "x", found: "other" }]);
  });

  it.each([
    ["192.0.2.1", "address"],
    ["x/host", "hostNetwork"],
    ["x/done", "completed"],
  ])("is that selectors do not match %s", (from, why) => {
    expect(causes("{from: [{podSelector: {}}]}", from)).toMatchObject([{ kind: "not-a-pod", why }]);
  });

  it.each([
    ["{cidr: 10.0.1.0/24}", "x/client", "outside-block"],
    ["{cidr: 10.0.0.0/24, except: [10.0.0.4/31]}", "x/client", "excepted"],
    ["{cidr: 10.0.1.0/24, except: [10.0.1.4/31]}", "x/client", "outside-block"],
    ["{cidr: '::/0'}", "x/client", "outside-block"],
    ["{cidr: 0.0.0.0/0}", "x/host", "no-address"],
  ])("of block %s for %s is %s", (block, from, kind) => {
    expect(causes(`{from: [{ipBlock: ${block}}]}`, from)).toMatchObject([{ kind }]);
  });

  it.each([
    ["{port: 8080, protocol: UDP}", { kind: "other-protocol" }],
    ["{port: 8081, endPort: 9000}", { kind: "other-port" }],
    ["{port: 80}", { kind: "other-port", servicePort: { name: "web", port: 80, targetPort: 8080 } }],
    ["{port: https}", { kind: "undeclared-name", declared: ["http (8080/TCP)", "dns (53/UDP)"] }],
    ["{port: dns}", { kind: "undeclared-name" }],
  ])("of port %s is %o", (port, cause) => {
    expect(causes(`{ports: [${port}]}`)).toMatchObject([cause]);
  });

  it("has an item for each half that fails, and none for the half that does not", () => {
    const from = "from: [{podSelector: {matchLabels: {app: a}}}, {ipBlock: {cidr: 192.0.2.0/24}}]";
    expect(causes(`{${from}, ports: [{port: 1}]}`).map(({ kind }) => kind)).toEqual([
      "pod-label",
      "outside-block",
      "other-port",
    ]);
    expect(causes(`{${from}, ports: [{port: 8080}]}`)).toHaveLength(2);
  });

  it("is there for every rule that is missed on random clusters", () => {
    const frame = {
      namespaces: ["x", "y"],
      nodes: [],
      pods: [1, 2, 3].map((index) => ({
        namespace: index < 3 ? "x" : "y",
        name: `pod-${index}`,
        hostNetwork: index === 3,
        addresses: index === 2 ? [] : [parseAddress(`10.0.0.${index}`) as Address],
      })),
      outside: [parseAddress("203.0.113.10") as Address],
      ports: [53, 80],
      protocols: ["TCP", "UDP"] as const,
    };
    let missed = 0;
    fc.assert(
      fc.property(arbitraryCluster(frame), (cluster) => {
        const ends = [...cluster.pods.map((pod) => endpointOf(pod)), endpointAt(cluster, frame.outside[0] as Address)];
        for (const source of ends) {
          for (const destination of ends) {
            const answer = verdict(cluster, { source, destination, protocol: "TCP", port: 80 });
            for (const { direction, reason } of [answer.egress, answer.ingress]) {
              if (reason.kind !== "no-rule-matches") continue;
              for (const miss of reason.misses) {
                missed++;
                expect(missCauses(cluster, answer.connection, direction, miss)).not.toEqual([]);
              }
            }
          }
        }
      }),
    );
    expect(missed).toBeGreaterThan(100);
  });
});
