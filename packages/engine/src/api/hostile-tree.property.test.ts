import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readText } from "./testing.ts";

/** What an author who mixes everything up may write: the API's own words in any place, and values of any type. */
const key = fc.constantFrom(
  ..."apiVersion kind metadata spec status name generateName namespace labels annotations tier priority subject".split(
    " ",
  ),
  ..."ingress egress from to ports protocols action namespaces pods networks nodes domainNames podSelector".split(" "),
  ..."namespaceSelector matchLabels matchExpressions key operator values tcp udp sctp destinationNamedPort".split(" "),
  ..."destinationPort number range start end portNumber portRange namedPort protocol port endPort ipBlock cidr".split(
    " ",
  ),
  ..."except policyTypes items __proto__ constructor".split(" "),
);
const scalar = fc.oneof(
  fc.constantFrom("Admin", "Baseline", "Accept", "Allow", "Deny", "Pass", "TCP", "In", "Exists", "Ingress", "Egress"),
  fc.constantFrom("10.0.0.0/8", "10.0.0.1/8", "::/0", "a.b", "*.a.b", "web", "", "a b", "default"),
  fc.constantFrom(0, 1, 80, 1000, 65536, -1, 1.5, 1e20),
  fc.boolean(),
  fc.constant(null),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: "small", withCrossShrink: true }, scalar, tie("list"), tie("mapping")),
  list: fc.array(tie("value"), { maxLength: 3 }),
  mapping: fc.dictionary(key, tie("value"), { maxKeys: 5, noNullPrototype: true }),
}));

const kinds = [
  ["networking.k8s.io/v1", "NetworkPolicy"],
  ["policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy"],
  ["policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy"],
  ["policy.networking.k8s.io/v1alpha1", "BaselineAdminNetworkPolicy"],
  ["policy.networking.k8s.io/v1", "ClusterNetworkPolicy"],
] as const;

/** A policy as it should be, with some part, somewhere, that is not. */
const good = {
  subject: { namespaces: {} },
  tier: "Admin",
  priority: 1,
  ingress: [{ action: "Deny", from: [{ namespaces: {} }], protocols: [{ tcp: { destinationPort: { number: 80 } } }] }],
  egress: [{ action: "Deny", to: [{ networks: ["10.0.0.0/8"] }] }],
};
const spec = fc.oneof(
  value,
  fc.record(
    {
      subject: fc.oneof(fc.constant(good.subject), value),
      tier: fc.oneof(fc.constant(good.tier), value),
      priority: fc.oneof(fc.constant(good.priority), value),
      ingress: fc.oneof(
        fc.constant(good.ingress),
        value,
        fc.array(fc.record({ action: scalar, from: value, protocols: value })),
      ),
      egress: fc.oneof(
        fc.constant(good.egress),
        value,
        fc.array(fc.record({ action: scalar, to: value, ports: value })),
      ),
    },
    { requiredKeys: [] },
  ),
);

describe("policies of any shape", { timeout: 60_000 }, () => {
  it("are read, or stand closed because of the first error, and never throw", () => {
    const metadata = fc.oneof(fc.constant({ name: "p" }), value);
    fc.assert(
      fc.property(fc.constantFrom(...kinds), metadata, spec, fc.boolean(), ([apiVersion, kind], meta, body, named) => {
        const text = JSON.stringify({ ...(named ? { apiVersion } : {}), kind, metadata: meta, spec: body });
        const { objects, diagnostics } = readText(text);
        const error = diagnostics.find(({ severity }) => severity === "error");
        for (const object of objects) {
          if (!("ingress" in object)) throw new Error("no policy");
          expect(object.closedBecause).toBe(error?.message);
        }
        if (objects.length === 0) expect(error).toBeDefined();
        for (const { range } of diagnostics) {
          expect(range && range.start <= range.end && range.end <= text.length).toBe(true);
        }
      }),
      { numRuns: 1500 },
    );
  });
});
