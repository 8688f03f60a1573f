import type { NetworkPolicy } from "../model/network-policy.ts";
import type { LabelSelector } from "../model/selector.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import { formatRange } from "../source/source-file.ts";
import type { Field } from "./field.ts";
import { child, descendant, withProblems } from "./read-field.ts";
import { readLabelSelector } from "./label-selector.ts";
import { readNamespace } from "./object-meta.ts";
import { allDirections, closedDirections } from "./policy-directions.ts";
import { readString } from "./read-scalar.ts";

/**
 * What stands in for a policy that cannot be used: it closes the policy's subjects, or all pods of its namespace
 * where they cannot be told. Undefined where its namespace cannot be told either.
 */
export function closedPolicy(root: Field, because: string): NetworkPolicy | undefined {
  const directions = closedDirections(root);
  return standIn(root, { directions, podSelector: readableSelector(root), closedBecause: because });
}

/** The same for a policy in broken text: its selector may have lost or gained requirements, so all pods are closed. */
export function closedBrokenPolicy(root: Field, because: string): NetworkPolicy | undefined {
  if (child(root, "metadata").node?.kind !== "mapping") return undefined;
  return standIn(root, { directions: allDirections, podSelector: { requirements: [] }, closedBecause: because });
}

type StandIn = Pick<NetworkPolicy, "directions" | "podSelector" | "closedBecause">;

function standIn(root: Field, rest: StandIn): NetworkPolicy | undefined {
  const problems: Diagnostic[] = [];
  const metadata = withProblems(child(root, "metadata"), problems);
  if (metadata.node !== undefined && metadata.node.kind !== "mapping") return undefined;
  const namespace = readNamespace(metadata);
  if (problems.length > 0) return undefined;
  const name = readString(child(metadata, "name")) || `(unnamed at ${formatRange(root.range)})`;
  return { kind: "NetworkPolicy", namespace, name, ingress: [], egress: [], ...rest, range: root.range };
}

function readableSelector(root: Field): LabelSelector {
  const problems: Diagnostic[] = [];
  const selector = readLabelSelector(withProblems(descendant(root, "spec", "podSelector"), problems));
  return problems.length === 0 ? selector : { requirements: [] };
}
