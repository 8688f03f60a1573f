import type { NetworkPolicy } from "../model/network-policy.ts";
import { closedPolicy } from "./closed-policy.ts";
import type { Field } from "./field.ts";
import { child } from "./read-field.ts";
import { allowOnly } from "./known-fields.ts";
import { readLabelSelector } from "./label-selector.ts";
import { readMeta, readNamespace, validateMeta } from "./object-meta.ts";
import { readDirections } from "./policy-directions.ts";
import { policyFields, specFields } from "./policy-fields.ts";
import { readPolicyRules } from "./policy-rule.ts";

/**
 * Reads a networking.k8s.io/v1 NetworkPolicy as the API server does: strict decoding, defaulting, validation
 * (`ValidateNetworkPolicySpec`). One with an error comes back closed; undefined where it is in no namespace.
 */
export function decodeNetworkPolicy(root: Field): NetworkPolicy | undefined {
  allowOnly(root, policyFields, outsideSpec);
  const metadata = child(root, "metadata");
  const { name } = readMeta(metadata);
  const namespace = readNamespace(metadata);
  validateMeta(metadata);
  const spec = child(root, "spec");
  allowOnly(spec, specFields, outsideSpec);
  const podSelector = readLabelSelector(child(spec, "podSelector"));
  const ingress = readPolicyRules(child(spec, "ingress"), "ingress");
  const egress = readPolicyRules(child(spec, "egress"), "egress");
  const directions = readDirections(spec);
  const error = root.problems.find(({ severity }) => severity === "error");
  if (error !== undefined) return closedPolicy(root, error.message);
  return {
    kind: "NetworkPolicy",
    namespace,
    name,
    podSelector,
    directions,
    ingress: directions.includes("ingress") ? ingress : [],
    egress: directions.includes("egress") ? egress : [],
    range: root.range,
  };
}

const outsideSpec: ReadonlyMap<string, string> = new Map([
  ["matchLabels", "`podSelector`"],
  ["matchExpressions", "`podSelector`"],
  ["from", "an item of `ingress`"],
  ["to", "an item of `egress`"],
  ["ports", "an item of `ingress` or `egress`"],
  ["podSelector", "`spec`"],
  ["policyTypes", "`spec`"],
  ["ingress", "`spec`"],
  ["egress", "`spec`"],
  ["status", "no manifest: NetworkPolicy has had no status since Kubernetes 1.28"],
  ["namespace", "`metadata`"],
  ["name", "`metadata`"],
]);
