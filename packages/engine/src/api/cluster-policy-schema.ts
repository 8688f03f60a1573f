import type { ClusterPolicyShape } from "./cluster-policy-shape.ts";
import type { ObjectSchema, Schema } from "./schema.ts";
import { subjectSchema } from "./tier-peer-schema.ts";
import { ruleSchema } from "./tier-rule-schema.ts";

/** The schema of a kind of cluster-wide policies. */
export function clusterPolicySchema(shape: ClusterPolicyShape): ObjectSchema {
  return {
    kind: "object",
    fields: { apiVersion: anything, kind: anything, metadata: anything, spec: specSchema(shape), status: anything },
    required: ["spec"],
    elsewhere: () => outsideSpec,
    ...(shape.rule === undefined ? {} : { rule: shape.rule }),
  };
}

const anything: Schema = { kind: "anything" };

function specSchema(shape: ClusterPolicyShape): ObjectSchema {
  return {
    kind: "object",
    fields: {
      ...shape.head,
      subject: subjectSchema(shape),
      ingress: { kind: "list", items: ruleSchema(shape, "ingress"), maxItems: shape.maxItems },
      egress: { kind: "list", items: ruleSchema(shape, "egress"), maxItems: shape.maxItems },
    },
    required: [...Object.keys(shape.head), "subject"].sort(),
    elsewhere: () => outsideSpec,
    renamed: new Map([["podSelector", "subject"]]),
  };
}

const outsideSpec: ReadonlyMap<string, string> = new Map([
  ...["tier", "priority", "subject", "ingress", "egress"].map((key) => [key, "`spec`"] as const),
  ["namespaces", "`subject`"],
  ["pods", "`subject`"],
  ["from", "an item of `ingress`"],
  ["to", "an item of `egress`"],
  ["action", "an item of `ingress` or `egress`"],
  ["policyTypes", "NetworkPolicy; a direction without rules is not affected here"],
  ["name", "`metadata`"],
]);
