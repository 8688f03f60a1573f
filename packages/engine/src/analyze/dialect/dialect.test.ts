import { describe, expect, it } from "vitest";
import { readManifests } from "../../api/read-manifests.ts";
import { connections } from "../../evaluate/connections.ts";
import { endpointAt, endpointOf } from "../../evaluate/endpoint-of.ts";
import type { Cluster } from "../../model/cluster.ts";
import { clusterFrom } from "../../model/cluster-from.ts";
import { parseAddress } from "../../net/address.ts";
import { formatConnections } from "../../net/connection-set.ts";
import { behaveAs, endIn } from "./behave-as.ts";
import { type Dialect, dialectEntries } from "./dialect.ts";
import { dialectFindings } from "./dialect-findings.ts";
import { pluginDifferences } from "./plugin-differences.ts";

const around = `
{apiVersion: v1, kind: Node, metadata: {name: one}, spec: {podCIDR: 10.0.0.0/24, podCIDRs: [10.0.0.0/24]}, status: {addresses: [{type: InternalIP, address: 172.18.0.1}]}}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: a}, spec: {nodeName: one}, status: {podIP: 10.0.0.1}}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: b}, spec: {nodeName: one}, status: {podIP: 10.0.0.2}}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: c}, spec: {nodeName: two}, status: {podIP: 10.0.1.1}}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: host}, spec: {nodeName: two, hostNetwork: true}, status: {podIP: 172.18.0.2}}
---
`;

function read(spec: string): Cluster {
  const policy = `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: x, name: p}, spec: {podSelector: {}, ${spec}}}`;
  const { objects, diagnostics } = readManifests([{ name: "in.yaml", text: around + policy }]);
  expect(diagnostics).toEqual([]);
  return clusterFrom(objects);
}

function end(cluster: Cluster, name: string) {
  const address = parseAddress(name);
  return address === undefined
    ? endpointOf(cluster.pods.find((pod) => pod.name === name)!)
    : endpointAt(cluster, address);
}

function on(dialect: Dialect, spec: string, from: string, to: string): string {
  const cluster = read(spec);
  const changed = behaveAs(cluster, dialectEntries[dialect].behaviours);
  return formatConnections(connections(changed, endIn(changed, end(cluster, from)), endIn(changed, end(cluster, to))));
}

const blocks = "ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]";

describe("a network plugin", () => {
  it.each([
    ["cilium", "a", "none"],
    ["cilium", "host", "none"],
    ["cilium", "203.0.113.1", "all"],
    ["calico", "a", "all"],
    ["azure", "a", "all"],
  ] as const)("%s lets %s past a block of everything: %s", (dialect, from, answer) => {
    expect(on(dialect, blocks, from, "b")).toBe(answer);
  });

  it.each([
    ["azure", "TCP 8000"],
    ["cilium", "TCP 8000-8100"],
  ] as const)("%s opens of a range %s", (dialect, answer) => {
    expect(on(dialect, "ingress: [{ports: [{port: 8000, endPort: 8100}]}]", "a", "b")).toBe(answer);
  });
});

describe("findings of a dialect", () => {
  const messages = (dialect: Dialect, spec: string): string[] =>
    dialectFindings(read(spec), dialect).map(({ code, message }) => `${code} ${message}`);

  it.each([
    ["10.0.0.1/32", "matches nothing: it holds addresses of the cluster's own only"],
    ["10.0.0.64/26", "matches nothing: it holds addresses of the cluster's own only"],
    ["172.18.0.1/32", "matches nothing: it holds addresses of the cluster's own only"],
    ["10.0.0.0/8", "means addresses outside only, and not pod x/a, pod x/b and pod x/c"],
  ])("say that on Cilium %s %s", (cidr, said) => {
    const rule = `ingress: [{from: [{ipBlock: {cidr: ${cidr}}}]}]`;
    expect(messages("cilium", rule)).toEqual([`PW3901 spec.ingress[0].from[0]: on Cilium ${cidr} ${said}`]);
    expect(messages("calico", rule)).toEqual([]);
  });

  it.each(["ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]", "ingress: [{from: [{podSelector: {}}]}]"])(
    "are none of %s",
    (rule) => expect(messages("cilium", rule)).toEqual([]),
  );

  it("say it once of blocks that hold the outside too", () => {
    const found = dialectFindings(
      read(
        "ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}, {from: [{ipBlock: {cidr: 10.0.0.0/8}}, {ipBlock: {cidr: 0.0.0.0/0}}]}]",
      ),
      "cilium",
    );
    expect(found.map(({ message }) => message)).toEqual([
      "spec.ingress[0].from[0]: on Cilium 0.0.0.0/0 means addresses outside only, and not pod x/a, pod x/b, pod x/c and 2 more; so do 2 more blocks",
    ]);
    expect(found[0]?.related?.map(({ message }) => message)).toEqual(["10.0.0.0/8, too", "0.0.0.0/0, too"]);
  });

  it("say which ports of a range are not open on Azure NPM", () => {
    expect(messages("azure", "ingress: [{ports: [{port: 8000, endPort: 8100}, {port: 80, endPort: 80}]}]")).toEqual([
      "PW3901 spec.ingress[0].ports[0]: on Azure NPM only TCP 8000 of 8000-8100 is open",
    ]);
  });
});

describe("how an answer depends on the plugin", () => {
  const behaviours = (spec: string, from: string, to: string): string[] => {
    const cluster = read(spec);
    return pluginDifferences(cluster, end(cluster, from), end(cluster, to)).map(({ behaviour }) => behaviour);
  };

  it.each([
    [blocks, "a", "b", ["blocks-skip-pods"]],
    [blocks, "host", "b", ["blocks-skip-nodes"]],
    [blocks, "203.0.113.1", "b", []],
    ["ingress: [{from: [{podSelector: {}}]}]", "host", "b", ["host-network-pods-selected"]],
    ["policyTypes: [Egress]", "a", "172.18.0.1", ["own-node-egress-judged"]],
    ["policyTypes: [Egress]", "c", "host", ["host-network-pods-selected", "own-node-egress-judged"]],
    ["ingress: []", "172.18.0.1", "a", []],
    ["ingress: [{ports: [{port: 8000, endPort: 8100}]}]", "a", "b", ["end-port-ignored"]],
  ])("%s, %s -> %s: %o", (spec, from, to, expected) => {
    expect(behaviours(spec, from, to)).toEqual(expected);
  });
});
