import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cluster, ClusterNode } from "../../model/cluster.ts";
import { type Address, parseAddress } from "../../net/address.ts";
import { formatConnections } from "../../net/connection-set.ts";
import { type ClusterFrame, arbitraryCluster } from "../../testing/arbitrary-cluster.ts";
import type { Endpoint } from "../connection.ts";
import { connections } from "../connections.ts";
import { FastEvaluator } from "./fast-evaluator.ts";

const address = (text: string): Address => parseAddress(text) as Address;
const node: ClusterNode = {
  kind: "Node",
  name: "n",
  labels: new Map(),
  addresses: [address("172.18.0.1"), address("fd00:18::1")],
  podCidrs: [],
};

function frameOf(pods: number): ClusterFrame {
  return {
    namespaces: ["x", "y", "z"],
    nodes: [node],
    pods: Array.from({ length: pods }, (_, index) => ({
      namespace: ["x", "y", "z"][index % 3] as string,
      name: `pod-${index}`,
      ...(index % 2 === 0 ? { node: "n" } : {}),
      hostNetwork: index === 4,
      addresses:
        index === 4 ? node.addresses : index === 5 ? [] : [address(`10.0.0.${index}`), address(`fd00::${index}`)],
    })),
    outside: [address("203.0.113.10"), address("2001:db8::10")],
    ports: [53, 80, 81, 8080],
    protocols: ["TCP", "UDP", "SCTP"],
  };
}

/** Every way a connection may end in a cluster: each pod by each address and by none, and addresses alone. */
function endsOf(cluster: Cluster, frame: ClusterFrame): Endpoint[] {
  return [
    ...cluster.pods.flatMap((pod): Endpoint[] => [
      { kind: "pod", pod },
      ...pod.addresses.map((own) => ({ kind: "pod" as const, pod, address: own })),
    ]),
    ...[...frame.outside, ...node.addresses].map((own) => ({ kind: "address" as const, address: own })),
  ];
}

describe("the fast evaluator", () => {
  it.each([
    [6, 200],
    [40, 5],
  ])("answers as the reference evaluator does, on random clusters of %i pods", (pods, runs) => {
    const frame = frameOf(pods);
    fc.assert(
      fc.property(arbitraryCluster(frame), (cluster) => {
        const fast = new FastEvaluator(cluster);
        const ends = endsOf(cluster, frame);
        for (const source of ends) {
          for (const destination of ends) {
            const expected = formatConnections(connections(cluster, source, destination));
            expect(formatConnections(fast.connections(source, destination))).toBe(expected);
          }
        }
      }),
      { numRuns: runs },
    );
  });
});
