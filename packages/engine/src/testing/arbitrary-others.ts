import fc from "fast-check";
import type { OtherPolicy } from "../model/other-object.ts";

/** Policies of a kind that is not judged by, of the namespaces and labels that frames have. */
export const arbitraryOthers: fc.Arbitrary<readonly OtherPolicy[]> = fc.array(
  fc.record({
    role: fc.constant("policy" as const),
    apiVersion: fc.constant("cilium.io/v2"),
    kind: fc.constant("CiliumNetworkPolicy"),
    name: fc.constantFrom("one", "two"),
    namespace: fc.constantFrom("x", "y"),
    requirements: fc.constantFrom([], [{ key: "app", operator: "In" as const, values: ["a"] }]),
    directions: fc.constantFrom(["ingress" as const], ["egress" as const], ["ingress" as const, "egress" as const]),
    effect: fc.constantFrom("allows-and-denies" as const, "denies" as const),
  }),
  { maxLength: 2 },
);
