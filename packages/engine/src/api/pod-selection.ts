import type { PodSelection } from "../model/cluster-policy.ts";
import type { LabelSelector } from "../model/selector.ts";
import { diagnostic } from "../source/catalogue.ts";
import type { MappingEntry, SourceNode } from "../source/source-node.ts";
import type { Field } from "./field.ts";
import { readLabelSelector } from "./label-selector.ts";
import { child, entriesOf } from "./read-field.ts";

/** Reads `namespaces` or `pods`, whichever is there. */
export function readPodSelection(field: Field): PodSelection {
  const namespaces = child(field, "namespaces");
  if (namespaces.node !== undefined) return { namespaceSelector: readClusterSelector(namespaces) };
  const pods = child(field, "pods");
  return {
    namespaceSelector: readClusterSelector(child(pods, "namespaceSelector")),
    podSelector: readClusterSelector(child(pods, "podSelector")),
  };
}

/** Reads a selector of a custom resource; an absent one selects everything. */
export function readClusterSelector(field: Field): LabelSelector {
  return readLabelSelector(withoutNullLabels(field));
}

/** The API server drops null fields of custom resources, labels too, where NetworkPolicy takes the empty text. */
function withoutNullLabels(field: Field): Field {
  if (field.node?.kind !== "mapping") return field;
  const labels = child(field, "matchLabels");
  const [dropped, kept] = [entriesOf(labels).filter(isNull), entriesOf(labels).filter((entry) => !isNull(entry))];
  for (const { key, keyRange } of dropped) {
    const message = `${labels.path}.${key}: a label without a value is dropped, so that the selector does not ask for it`;
    const help = `for the empty value write \`${key}: ""\``;
    field.problems.push(diagnostic("PW2029", message, { range: keyRange, help }));
  }
  return dropped.length === 0 ? field : { ...field, node: withLabels(field.node, kept) };
}

function withLabels(selector: Extract<SourceNode, { kind: "mapping" }>, labels: readonly MappingEntry[]): SourceNode {
  const entries = selector.entries.map((entry) =>
    entry.key === "matchLabels" && entry.value.kind === "mapping"
      ? { ...entry, value: { ...entry.value, entries: labels } }
      : entry,
  );
  return { ...selector, entries };
}

function isNull({ value }: MappingEntry): boolean {
  return value.kind === "scalar" && value.value === null;
}
