import type { ClusterPolicy, ClusterPolicyKind } from "../model/cluster-policy.ts";
import { diagnostic } from "../source/catalogue.ts";
import { checkSchema } from "./check-schema.ts";
import { closedClusterPolicy } from "./closed-cluster-policy.ts";
import { clusterPolicySchema } from "./cluster-policy-schema.ts";
import { clusterPolicyShapes } from "./cluster-policy-shapes.ts";
import type { Field } from "./field.ts";
import { readMeta, validateMeta } from "./object-meta.ts";
import { readPodSelection } from "./pod-selection.ts";
import { child } from "./read-field.ts";
import { readString } from "./read-scalar.ts";
import { readTierRules } from "./tier-rule.ts";

/**
 * Makes the reader of a kind of cluster-wide policies. It validates as the API server does by the kind's
 * CustomResourceDefinition, and then what that leaves to those who enforce policies, such as the operators of
 * selectors. A policy with an error comes back closed.
 */
export function clusterPolicyDecoder(kind: ClusterPolicyKind): (root: Field) => ClusterPolicy {
  const shape = clusterPolicyShapes[kind];
  const schema = clusterPolicySchema(shape);
  return (root) => {
    const metadata = child(root, "metadata");
    const { name } = readMeta(metadata);
    validateMeta(metadata);
    warnOfNamespace(metadata, kind);
    checkSchema(root, schema);
    const closed = closedFor(root, kind);
    if (closed !== undefined) return closed;
    const spec = child(root, "spec");
    const policy: ClusterPolicy = {
      kind,
      name,
      ...shape.readHead(spec),
      subject: readPodSelection(child(spec, "subject")),
      ingress: readTierRules(child(spec, "ingress"), "ingress", shape),
      egress: readTierRules(child(spec, "egress"), "egress", shape),
      range: root.range,
    };
    return closedFor(root, kind) ?? policy;
  };
}

/** What stands in for a policy in which an error was found. */
function closedFor(root: Field, kind: ClusterPolicyKind): ClusterPolicy | undefined {
  const error = root.problems.find(({ severity }) => severity === "error");
  return error === undefined ? undefined : closedClusterPolicy(root, kind, error.message);
}

/** The API server drops it, so that who meant to limit the policy to a namespace is not told. */
function warnOfNamespace(metadata: Field, kind: ClusterPolicyKind): void {
  const field = child(metadata, "namespace");
  if (readString(field) === undefined) return;
  const { path, range, problems } = field;
  const message = `${path}: a ${kind} is of the whole cluster, its namespace is dropped`;
  const help = "remove it; which namespaces are subject is said in `spec.subject`";
  problems.push(diagnostic("PW2030", message, { range, help }));
}
