import type { ClusterPolicy, ClusterPolicyKind, PodSelection, TierRule } from "../model/cluster-policy.ts";
import type { Direction } from "../model/network-policy.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import { formatRange } from "../source/source-file.ts";
import { checkSchema } from "./check-schema.ts";
import { clusterPolicyShapes } from "./cluster-policy-shapes.ts";
import type { Field } from "./field.ts";
import { readPodSelection } from "./pod-selection.ts";
import { hasUnknown } from "./known-fields.ts";
import { allDirections } from "./policy-directions.ts";
import { child, descendant, withProblems } from "./read-field.ts";
import { readString } from "./read-scalar.ts";
import { subjectSchema } from "./tier-peer-schema.ts";

/**
 * What stands in for a cluster-wide policy that cannot be used: at its tier and priority, or before everything where
 * they cannot be told, it denies its subjects everything, or all pods where they cannot be told.
 */
export function closedClusterPolicy(root: Field, kind: ClusterPolicyKind, because: string): ClusterPolicy {
  return standIn(root, kind, {
    subject: readableSubject(root, kind),
    closed: closedTierDirections(root, kind),
    because,
  });
}

/** The same for a policy in broken text, whose subject and rules may have lost lines. */
export function closedBrokenClusterPolicy(root: Field, kind: ClusterPolicyKind, because: string): ClusterPolicy {
  return standIn(root, kind, { subject: allPods, closed: allDirections, because });
}

interface Closing {
  readonly subject: PodSelection;
  readonly closed: readonly Direction[];
  readonly because: string;
}

const allPods: PodSelection = { namespaceSelector: { requirements: [] } };

function standIn(root: Field, kind: ClusterPolicyKind, { subject, closed, because }: Closing): ClusterPolicy {
  const unheard = withProblems(root, []);
  const rules = (direction: Direction): readonly TierRule[] =>
    closed.includes(direction) ? [denyAll(root, direction)] : [];
  return {
    kind,
    name: readString(descendant(unheard, "metadata", "name")) || `(unnamed at ${formatRange(root.range)})`,
    ...clusterPolicyShapes[kind].readHead(child(unheard, "spec")),
    subject,
    ingress: rules("ingress"),
    egress: rules("egress"),
    closedBecause: because,
    range: root.range,
  };
}

function denyAll({ range }: Field, direction: Direction): TierRule {
  const path = `spec.${direction}`;
  return { path, action: "Deny", peers: [{ kind: "unknown", path, range }], ports: [], range };
}

function readableSubject(root: Field, kind: ClusterPolicyKind): PodSelection {
  const problems: Diagnostic[] = [];
  const hasError = (): boolean => problems.some(({ severity }) => severity === "error");
  const subject = withProblems(descendant(root, "spec", "subject"), problems);
  if (subject.node === undefined) return allPods;
  checkSchema(subject, subjectSchema(clusterPolicyShapes[kind]));
  if (hasError()) return allPods;
  const selection = readPodSelection(subject);
  return hasError() ? allPods : selection;
}

/** The directions that have rules; both where a field may be one of them, misspelled or misplaced. */
function closedTierDirections(root: Field, kind: ClusterPolicyKind): readonly Direction[] {
  const spec = child(root, "spec");
  const known = [...Object.keys(clusterPolicyShapes[kind].head), "subject", ...allDirections];
  if (spec.node?.kind !== "mapping") return allDirections;
  if (hasUnknown(root, ["apiVersion", "kind", "metadata", "spec", "status"]) || hasUnknown(spec, known))
    return allDirections;
  return allDirections.filter((direction) => {
    const { node } = child(spec, direction);
    return node !== undefined && (node.kind !== "sequence" || node.items.length > 0);
  });
}
