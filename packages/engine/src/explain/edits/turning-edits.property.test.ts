import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readManifests } from "../../api/read-manifests.ts";
import { endpointAt, endpointOf } from "../../evaluate/endpoint-of.ts";
import { verdict } from "../../evaluate/reference-evaluator.ts";
import type { Cluster } from "../../model/cluster.ts";
import { clusterFrom } from "../../model/cluster-from.ts";
import type { NetworkPolicy, PolicyPeer, PolicyPort, PolicyRule } from "../../model/network-policy.ts";
import type { LabelSelector, Labels } from "../../model/selector.ts";
import { type Address, formatAddress, parseAddress } from "../../net/address.ts";
import { formatCidr } from "../../net/cidr.ts";
import type { SourceFile } from "../../source/source-file.ts";
import { arbitraryCluster } from "../../testing/arbitrary-cluster.ts";
import type { ClusterFrame } from "../../testing/arbitrary-parts.ts";
import type { Edit } from "./edit.ts";
import { turningEdits } from "./turning-edits.ts";
import { type YamlValue, yamlFlow, yamlLines } from "./write-yaml.ts";

const frame: ClusterFrame = {
  namespaces: ["x", "y"],
  nodes: [],
  pods: [1, 2, 3, 4].map((index) => ({
    namespace: index < 3 ? "x" : "y",
    name: `pod-${index}`,
    hostNetwork: false,
    addresses: [parseAddress(`10.0.0.${index}`) as Address],
  })),
  outside: [parseAddress("203.0.113.10") as Address],
  ports: [53, 80],
  protocols: ["TCP", "UDP"],
};

describe("edits that turn an answer", () => {
  it.each([
    ["block", (value: YamlValue) => yamlLines(value).join("\n")],
    ["flow", yamlFlow],
  ])("turn it when they are made to the manifests, which are in %s style", (_, write) => {
    let [turned, unturned] = [0, 0];
    fc.assert(
      fc.property(arbitraryCluster(frame), fc.constantFrom(...frame.ports), (drawn, port) => {
        const file = { name: "in.yaml", text: manifestsOf(drawn).map(write).join("\n---\n") };
        const ask = (cluster: Cluster, from: string, to: string) =>
          verdict(cluster, { source: endOf(cluster, from), destination: endOf(cluster, to), protocol: "TCP", port });
        const cluster = read([file]);
        for (const [from, to] of [
          ["pod-1", "pod-3"],
          ["pod-4", "pod-2"],
          ["pod-1", "203.0.113.10"],
        ] as const) {
          const answer = ask(cluster, from, to);
          const candidates = turningEdits(cluster, answer);
          if (candidates.length === 0) unturned++;
          for (const { edits } of candidates) {
            turned++;
            expect(ask(read(made(file, edits)), from, to).allowed).toBe(!answer.allowed);
          }
        }
      }),
      { numRuns: 60 },
    );
    expect(turned).toBeGreaterThan(10 * unturned);
  });
});

function read(files: readonly SourceFile[]): Cluster {
  const { objects, diagnostics } = readManifests(files);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return clusterFrom(objects);
}

/** What a person has after the edits. */
function made({ name, text }: SourceFile, edits: readonly Edit[]): readonly SourceFile[] {
  const changes = edits.flatMap((edit) => edit.changes).sort((a, b) => b.start - a.start);
  const changed = changes.reduce((now, { start, end, text: by }) => now.slice(0, start) + by + now.slice(end), text);
  const added = edits.flatMap((edit) => edit.added ?? []);
  return [{ name, text: changed }, ...added.map((one, index) => ({ name: `added-${index}.yaml`, text: one }))];
}

function endOf(cluster: Cluster, name: string) {
  const address = parseAddress(name);
  if (address !== undefined) return endpointAt(cluster, address);
  return endpointOf(cluster.pods.find((pod) => pod.name === name)!);
}

function manifestsOf({ namespaces, pods, policies }: Cluster): YamlValue[] {
  return [
    ...[...namespaces.values()].map(({ name, labels }) => ({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: record(labels) },
    })),
    ...pods.map(({ namespace, name, labels, addresses, ports }) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { namespace, name, labels: record(labels) },
      spec: {
        containers: [
          {
            name: "c",
            image: "i",
            ports: ports.map(({ name: of, port, protocol }) => ({ name: of ?? "p", containerPort: port, protocol })),
          },
        ],
      },
      status: { podIP: formatAddress(addresses[0] as Address) },
    })),
    ...policies.map(policyValue),
  ];
}

function policyValue({ namespace, name, podSelector, directions, ingress, egress }: NetworkPolicy): YamlValue {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { namespace, name },
    spec: {
      podSelector: selectorValue(podSelector),
      policyTypes: directions.map((direction) => (direction === "ingress" ? "Ingress" : "Egress")),
      ...(directions.includes("ingress") ? { ingress: ingress.map((rule) => ruleValue(rule, "from")) } : {}),
      ...(directions.includes("egress") ? { egress: egress.map((rule) => ruleValue(rule, "to")) } : {}),
    },
  };
}

function ruleValue({ peers, ports }: PolicyRule, key: string): YamlValue {
  return { [key]: peers.map(peerValue), ports: ports.map(portValue) };
}

function peerValue(peer: PolicyPeer): YamlValue {
  if (peer.kind === "ipBlock") {
    return { ipBlock: { cidr: formatCidr(peer.cidr), except: peer.except.map(formatCidr) } };
  }
  const { podSelector, namespaceSelector } = peer;
  return {
    ...(podSelector && { podSelector: selectorValue(podSelector) }),
    ...(namespaceSelector && { namespaceSelector: selectorValue(namespaceSelector) }),
  };
}

function portValue({ protocol, port }: PolicyPort): YamlValue {
  switch (port.kind) {
    case "all":
      return { protocol };
    case "interval":
      return { protocol, port: port.first, endPort: port.last };
    case "named":
      return { protocol, port: port.name };
  }
}

function selectorValue({ requirements }: LabelSelector): YamlValue {
  const [matching, others] = [requirements.slice(0, 1), requirements.slice(1)];
  const labels = matching.filter(({ operator, values }) => operator === "In" && values.length === 1);
  const expressions = [...matching.filter((one) => !labels.includes(one)), ...others];
  return {
    ...(labels.length > 0
      ? { matchLabels: Object.fromEntries(labels.map(({ key, values }) => [key, values[0] as string])) }
      : {}),
    ...(expressions.length > 0
      ? { matchExpressions: expressions.map(({ key, operator, values }) => ({ key, operator, values })) }
      : {}),
  };
}

function record(labels: Labels): Readonly<Record<string, string>> {
  return Object.fromEntries(labels);
}
