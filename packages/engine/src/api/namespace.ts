import { type Namespace, namespaceNameLabel } from "../model/cluster.ts";
import type { Field } from "./field.ts";
import { child } from "./read-field.ts";
import { dnsLabelProblems } from "./names.ts";
import { readMeta } from "./object-meta.ts";

/** Reads a v1 Namespace. Its name label is the control plane's, whatever the manifest says. */
export function decodeNamespace(root: Field): Namespace {
  const { name, labels } = readMeta(child(root, "metadata"), dnsLabelProblems);
  return {
    kind: "Namespace",
    name,
    labels: new Map([...labels, [namespaceNameLabel, name]]),
    declared: true,
    range: root.range,
  };
}
