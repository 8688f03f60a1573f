import { expect, it } from "vitest";
import type { NetworkPolicy } from "../model/network-policy.ts";
import { PoliciesByNamespace } from "./policies-by-namespace.ts";

function policy(namespace: string, name: string): NetworkPolicy {
  return {
    kind: "NetworkPolicy",
    namespace,
    name,
    podSelector: { requirements: [] },
    directions: ["ingress"],
    ingress: [],
    egress: [],
  };
}

it("keeps the list of a namespace in which nothing changed, and of no other", () => {
  const byNamespace = new PoliciesByNamespace();
  const [one, two, three] = [policy("a", "one"), policy("a", "two"), policy("b", "three")];
  const before = byNamespace.of([one, two, three]);
  expect(before.get("a")).toEqual([one, two]);
  // Whatever came first.
  expect(new PoliciesByNamespace().of([two, three, one]).get("a")).toEqual([one, two]);
  const after = byNamespace.of([one, policy("a", "two"), three, policy("c", "four")]);
  expect(after.get("a")).not.toBe(before.get("a"));
  expect(after.get("b")).toBe(before.get("b"));
  expect(after.get("c")).toHaveLength(1);
  expect(byNamespace.of([one]).get("b")).toBeUndefined();
});
