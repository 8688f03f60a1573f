import type { Direction, NetworkPolicy, PolicyRule, WrittenPolicy } from "../model/network-policy.ts";
import { closedPolicy } from "./closed-policy.ts";
import type { Field } from "./field.ts";
import { child, entriesOf } from "./read-field.ts";
import { allowOnly } from "./known-fields.ts";
import { readLabelSelector } from "./label-selector.ts";
import { readMeta, readNamespace, validateMeta } from "./object-meta.ts";
import { readDirections } from "./policy-directions.ts";
import { policyFields, specFields } from "./policy-fields.ts";
import { readPolicyRules } from "./policy-rule.ts";
import { hasNull, warnOfNull } from "./warn-of-null.ts";

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
  if (hasNull(spec, "podSelector")) {
    const help = "name the labels, or write `podSelector: {}` where every pod is meant";
    warnOfNull(child(spec, "podSelector"), "no selector, so every pod of the namespace is selected", help);
  }
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
    written: whatIsWritten(root, directions, [
      ...(directions.includes("ingress") ? [] : ingress),
      ...(directions.includes("egress") ? [] : egress),
    ]),
    range: root.range,
  };
}

function whatIsWritten(root: Field, directions: readonly Direction[], inert: readonly PolicyRule[]): WrittenPolicy {
  const metadata = child(root, "metadata");
  const spec = child(root, "spec");
  const types = child(spec, "policyTypes");
  const egress = entriesOf(spec).find(({ key }) => key === "egress");
  const isEmpty = egress?.value.kind === "sequence" && egress.value.items.length === 0;
  const name = child(metadata, "name");
  return {
    name: { range: name.node === undefined ? metadata.range : name.range },
    namesNamespace: child(metadata, "namespace").node !== undefined,
    ...(types.node === undefined ? {} : { policyTypes: { range: types.range } }),
    inert,
    ...(isEmpty && !directions.includes("egress")
      ? { emptyEgress: { range: { ...egress.keyRange, end: egress.value.range.end } } }
      : {}),
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
