import type { NetworkPolicy } from "../model/network-policy.ts";
import type { LabelSelector } from "../model/selector.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { BrokenDocument } from "../source/parse.ts";
import { formatRange } from "../source/source-file.ts";
import type { Field } from "./field.ts";
import { child, descendant, items, rootField, withProblems } from "./read-field.ts";
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

/**
 * Stand-ins for the policies of a document that is no YAML. What could still be made out of it tells the namespace;
 * its selector may have lost or gained requirements with the broken lines, so all pods there are closed.
 */
export function closedPoliciesOf({ root, reason }: BrokenDocument): readonly NetworkPolicy[] {
  if (root === undefined) return [];
  const field = rootField(root, []);
  return [field, ...items(child(field, "items"))].flatMap((object) => {
    if (!isNetworkPolicy(object) || child(object, "metadata").node?.kind !== "mapping") return [];
    const everything = { directions: allDirections, podSelector: { requirements: [] }, closedBecause: reason.message };
    return standIn(object, everything) ?? [];
  });
}

/** Whether an object says that it is a networking.k8s.io NetworkPolicy, or leaves only the API group out. */
export function isNetworkPolicy(object: Field): boolean {
  const unheard = withProblems(object, []);
  const apiVersion = readString(child(unheard, "apiVersion"));
  return (
    readString(child(unheard, "kind")) === "NetworkPolicy" &&
    (apiVersion === undefined || apiVersion === "" || apiVersion.startsWith("networking.k8s.io/"))
  );
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
