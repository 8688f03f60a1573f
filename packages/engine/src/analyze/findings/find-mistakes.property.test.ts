import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Service } from "../../model/cluster.ts";
import { type Address, parseAddress } from "../../net/address.ts";
import { type Cidr, parseCidr } from "../../net/cidr.ts";
import { catalogue } from "../../source/catalogue.ts";
import { arbitraryCluster } from "../../testing/arbitrary-cluster.ts";
import { findMistakes } from "./find-mistakes.ts";

const address = (text: string): Address => parseAddress(text) as Address;
const range = parseCidr("10.0.0.0/24").cidr as Cidr;

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
    addresses: index === 2 ? [] : [address(index === 4 ? "172.18.0.1" : `10.0.0.${index}`)],
  })),
  outside: [address("203.0.113.10"), address("169.254.169.254")],
  ports: [53, 80, 8080],
  protocols: ["TCP", "UDP"] as const,
  tiers: true,
};

const services: readonly Service[] = (["LoadBalancer", "ClusterIP"] as const).map((type) => ({
  kind: "Service",
  namespace: "x",
  name: type.toLowerCase(),
  selector: new Map([["app", "a"]]),
  addresses: [address("10.96.0.1")],
  headless: false,
  type,
  ports: [
    { protocol: "TCP", port: 80, targetPort: "http" },
    { protocol: "TCP", port: 81, targetPort: 8080 },
  ],
  scrape: {},
}));

describe("findings on random clusters", () => {
  it("are made of known codes, the same each time, whatever is left out of the input", () => {
    const codes = new Set<string>();
    fc.assert(
      fc.property(arbitraryCluster(frame), fc.boolean(), fc.boolean(), (cluster, hasPods, hasNamespaces) => {
        const objects = [
          ...(hasNamespaces ? cluster.namespaces.values() : []),
          ...cluster.nodes.values(),
          ...(hasPods ? cluster.pods : []),
          ...services,
          ...cluster.policies,
          ...cluster.clusterPolicies,
        ];
        const found = findMistakes(objects);
        expect(findMistakes(objects)).toEqual(found);
        for (const { code } of found) {
          expect(Object.hasOwn(catalogue, code)).toBe(true);
          codes.add(code);
        }
      }),
      { numRuns: 300 },
    );
    expect(codes.size).toBeGreaterThan(12);
  });
});
