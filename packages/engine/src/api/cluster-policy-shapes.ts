import type { ClusterPolicyKind, Tier, TierAction } from "../model/cluster-policy.ts";
import { adminNetworkPolicyPorts } from "./admin-network-policy-ports.ts";
import { clusterNetworkPolicyPorts } from "./cluster-network-policy-ports.ts";
import type { ClusterPolicyShape } from "./cluster-policy-shape.ts";
import type { Field } from "./field.ts";
import { report } from "./problem.ts";
import { child, descendant, withProblems } from "./read-field.ts";
import { readString } from "./read-scalar.ts";
import type { IntegerSchema } from "./schema.ts";
import { readNumber } from "./tier-port.ts";

// The CustomResourceDefinitions of sigs.k8s.io/network-policy-api: v0.2.0 for v1alpha2, v0.1.7 for v1alpha1, both of
// the experimental channel, which takes all that the standard one takes and has one rule more (PW2022).

const tiers: readonly Tier[] = ["Admin", "Baseline"];
const prioritySchema: IntegerSchema = { kind: "integer", minimum: 0, maximum: 1000, code: "PW2017" };
const tierActions: ReadonlyMap<string, TierAction> = new Map([
  ["Accept", "Accept"],
  ["Deny", "Deny"],
  ["Pass", "Pass"],
]);
const adminActions: ReadonlyMap<string, TierAction> = new Map([
  ["Allow", "Accept"],
  ["Deny", "Deny"],
  ["Pass", "Pass"],
]);
const baselineActions: ReadonlyMap<string, TierAction> = new Map([
  ["Allow", "Accept"],
  ["Deny", "Deny"],
]);

const clusterNetworkPolicy: ClusterPolicyShape = {
  kind: "ClusterNetworkPolicy",
  head: { tier: { kind: "text", oneOf: tiers }, priority: prioritySchema },
  readHead: (spec) => ({ tier: readTier(child(spec, "tier")), priority: readPriority(spec) }),
  actions: tierActions,
  renamedActions: new Map([["Allow", "Accept"]]),
  ports: clusterNetworkPolicyPorts,
  podsRequired: ["podSelector"],
  places: ["networks", "nodes", "domainNames"],
  maxItems: 25,
};

const adminNetworkPolicy: ClusterPolicyShape = {
  kind: "AdminNetworkPolicy",
  head: { priority: prioritySchema },
  readHead: (spec) => ({ tier: "Admin", priority: readPriority(spec) }),
  actions: adminActions,
  renamedActions: new Map([["Accept", "Allow"]]),
  ports: adminNetworkPolicyPorts,
  podsRequired: ["namespaceSelector", "podSelector"],
  places: ["networks", "nodes", "domainNames"],
  maxItems: 100,
};

const baselineAdminNetworkPolicy: ClusterPolicyShape = {
  ...adminNetworkPolicy,
  kind: "BaselineAdminNetworkPolicy",
  head: {},
  readHead: () => ({ tier: "Baseline", priority: 1000 }),
  actions: baselineActions,
  places: ["networks", "nodes"],
  rule: checkSingletonName,
};

/** What the policy API says of each of its kinds. */
export const clusterPolicyShapes: Readonly<Record<ClusterPolicyKind, ClusterPolicyShape>> = {
  ClusterNetworkPolicy: clusterNetworkPolicy,
  AdminNetworkPolicy: adminNetworkPolicy,
  BaselineAdminNetworkPolicy: baselineAdminNetworkPolicy,
};

/** Where it cannot be told: the tier that nothing comes before. */
function readTier(field: Field): Tier {
  const text = readString(withProblems(field, []));
  return tiers.find((tier) => tier === text) ?? "Admin";
}

/** Where it cannot be told: the one that nothing comes before. */
function readPriority(spec: Field): number {
  const priority = readNumber(child(spec, "priority")) ?? 0;
  return priority >= prioritySchema.minimum && priority <= prioritySchema.maximum ? priority : 0;
}

function checkSingletonName(root: Field): void {
  const { range } = descendant(root, "metadata", "name");
  if (readString(withProblems(descendant(root, "metadata", "name"), [])) === "default") return;
  const text = 'Only one baseline admin network policy with metadata.name="default" can be created in the cluster';
  report({ ...root, range }, "PW2026", `Invalid value: ${text}`, "write `name: default`");
}
