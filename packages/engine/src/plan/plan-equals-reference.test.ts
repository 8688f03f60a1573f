import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Endpoint } from "../evaluate/connection.ts";
import { verdict } from "../evaluate/reference-evaluator.ts";
import type { Cluster, ClusterNode } from "../model/cluster.ts";
import { type Address, compareAddresses, parseAddress } from "../net/address.ts";
import { type Cidr, parseCidr } from "../net/cidr.ts";
import type { Protocol } from "../net/protocol.ts";
import { arbitraryCluster } from "../testing/arbitrary-cluster.ts";
import type { ClusterFrame } from "../testing/arbitrary-parts.ts";
import { planAllows, planAllowsToOwnNode } from "./plan-allows.ts";
import { planNode } from "./plan-node.ts";

const address = (text: string): Address => parseAddress(text) as Address;
const node = (index: number): ClusterNode => ({
  kind: "Node",
  name: `node-${index}`,
  labels: new Map(),
  addresses: [address(`172.18.0.${index}`), address(`fd00:18::${index}`)],
  podCidrs: [parseCidr(`10.244.${index}.0/24`).cidr as Cidr, parseCidr(`fd00:${index}::/64`).cidr as Cidr],
});

const frame: ClusterFrame = {
  namespaces: ["x", "y"],
  nodes: [node(1), node(2)],
  pods: [1, 2, 3, 4, 5, 6].map((index) => {
    const home = (index % 2) + 1;
    return {
      namespace: index < 4 ? "x" : "y",
      name: `pod-${index}`,
      node: `node-${home}`,
      hostNetwork: false,
      addresses: [address(`10.244.${home}.${index}`), address(`fd00:${home}::${index}`)],
    };
  }),
  // The last two are in a node's pod range, but no pod's.
  outside: [address("203.0.113.10"), address("2001:db8::10"), address("10.244.2.250"), address("fd00:2::250")],
  ports: [53, 80, 81, 8080],
  protocols: ["TCP", "UDP"],
  tiers: true,
};

/** Every end of a family that a connection may have. */
function endpoints(cluster: Cluster, family: 4 | 6): { readonly endpoint: Endpoint; readonly address: Address }[] {
  const ofFamily = (addresses: readonly Address[]): Address[] => addresses.filter((found) => found.family === family);
  return [
    ...cluster.pods.flatMap((pod) =>
      ofFamily(pod.addresses).map((own) => ({ endpoint: { kind: "pod" as const, pod, address: own }, address: own })),
    ),
    ...ofFamily([...frame.outside, ...frame.nodes.flatMap(({ addresses }) => addresses)]).map((own) => ({
      endpoint: { kind: "address" as const, address: own },
      address: own,
    })),
  ];
}

describe("the plans of all nodes", () => {
  it("allow together what the reference evaluator allows, for every pair, port and family of random clusters, pods with their nodes and with themselves included", () => {
    const counts = { allowed: 0, denied: 0 };
    fc.assert(
      fc.property(arbitraryCluster(frame), (cluster) => {
        const plans = frame.nodes.map(({ name }) => planNode(cluster, name, { interfaceOf: () => undefined }));
        for (const family of [4, 6] as const) {
          const ends = endpoints(cluster, family);
          for (const source of ends) {
            for (const destination of ends) {
              for (const protocol of frame.protocols as readonly Protocol[]) {
                for (const port of [...frame.ports, 9999]) {
                  const expected = verdict(cluster, {
                    source: source.endpoint,
                    destination: destination.endpoint,
                    protocol,
                    port,
                    throughService: true,
                  }).allowed;
                  const actual = plans.every((plan) => {
                    const { addresses } = cluster.nodes.get(plan.node) as ClusterNode;
                    const isOwn = (end: Address): boolean => addresses.some((own) => compareAddresses(own, end) === 0);
                    // What a node sends to its pods passes no hook that judges.
                    if (isOwn(source.address)) return true;
                    const judge = isOwn(destination.address) ? planAllowsToOwnNode : planAllows;
                    return judge(plan, source.address, destination.address, protocol, port);
                  });
                  counts[expected ? "allowed" : "denied"]++;
                  if (actual !== expected) return false;
                }
              }
            }
          }
        }
        return true;
      }),
      { numRuns: 200 },
    );
    const total = counts.allowed + counts.denied;
    expect(counts.allowed).toBeGreaterThan(total / 5);
    expect(counts.denied).toBeGreaterThan(total / 5);
  });
});
