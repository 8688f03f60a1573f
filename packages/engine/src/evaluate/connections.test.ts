import fc from "fast-check";
import { describe, it } from "vitest";
import { allows } from "../net/connection-set.ts";
import { type Address, parseAddress } from "../net/address.ts";
import { type Cidr, parseCidr } from "../net/cidr.ts";
import { arbitraryCluster } from "../testing/arbitrary-cluster.ts";
import { connections } from "./connections.ts";
import { endpointOf } from "./endpoint-of.ts";
import { verdict } from "./reference-evaluator.ts";

const range = parseCidr("10.0.0.0/24").cidr as Cidr;
const address = (text: string): Address => parseAddress(text) as Address;

describe("the connections between two ends", () => {
  it("are those whose verdict is allowed, on random clusters with every kind of end", () => {
    const frame = {
      namespaces: ["x", "y"],
      nodes: [
        { kind: "Node" as const, name: "n", labels: new Map(), addresses: [address("172.18.0.1")], podCidrs: [range] },
      ],
      pods: [1, 2, 3, 4].map((index) => ({
        namespace: index < 3 ? "x" : "y",
        name: `pod-${index}`,
        node: "n",
        hostNetwork: index === 4,
        addresses: [address(index === 4 ? "172.18.0.1" : `10.0.0.${index}`)],
      })),
      // The second is in a pod range, but no pod's.
      outside: [address("203.0.113.10"), address("10.0.0.99")],
      ports: [53, 80, 81, 8080],
      protocols: ["TCP", "UDP", "SCTP"] as const,
      tiers: true,
    };
    fc.assert(
      fc.property(arbitraryCluster(frame), (cluster) => {
        const ends = [
          ...cluster.pods.map((pod) => endpointOf(pod)),
          ...frame.outside.map((own) => ({ kind: "address" as const, address: own })),
        ];
        return ends.every((source) =>
          ends.every((destination) => {
            const set = connections(cluster, source, destination);
            return frame.protocols.every((protocol) =>
              [...frame.ports, 9999].every(
                (port) =>
                  allows(set, protocol, port) === verdict(cluster, { source, destination, protocol, port }).allowed,
              ),
            );
          }),
        );
      }),
      { numRuns: 300 },
    );
  });
});
