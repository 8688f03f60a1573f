import type { Labels } from "../model/selector.ts";
import { type SourceRange, positionAt } from "../source/source-file.ts";
import type { Field } from "./field.ts";
import { child } from "./read-field.ts";
import { allowOnly } from "./known-fields.ts";
import { byteLength, dnsLabelProblems, labelKeyProblems, labelValueProblems, subdomainProblems } from "./names.ts";
import { invalid, required } from "./problem.ts";
import { readInt64, readString, readStringMap } from "./read-scalar.ts";

import { tooLong } from "./schema-problem.ts";

/** The namespace of an object that names none, by the range of its metadata. */
export function defaultNamespace({ file }: SourceRange): string {
  return file.namespace ?? "default";
}

export interface ObjectMeta {
  readonly name: string;
  readonly labels: Labels;
}

/** The rule a kind's names follow. */
export type NameRule = (name: string) => readonly string[];

/**
 * Reads `metadata.name` and labels of an object. Where only `generateName` is given, which the API server completes
 * with random letters, the line stands for them.
 */
export function readMeta(metadata: Field, nameRule: NameRule = subdomainProblems): ObjectMeta {
  const labels = readStringMap(child(metadata, "labels"));
  const nameField = child(metadata, "name");
  const name = readString(nameField) ?? "";
  const prefixField = child(metadata, "generateName");
  const prefix = readString(prefixField) ?? "";
  if (prefix !== "") checkPrefix(prefixField, prefix, nameRule);
  if (name === "" && prefix !== "") {
    const { line } = positionAt(metadata.range.file, metadata.range.start);
    return { name: `${prefix}${line}`, labels };
  }
  if (isAbsent(metadata) || (metadata.node?.kind === "mapping" && isAbsent(nameField))) {
    required(nameField, "PW2001", "name or generateName is required");
  }
  return { name: name === "" ? name : checkedName(nameField, name, nameRule), labels };
}

/** Reads `metadata.namespace` of an object that lives in one. */
export function readNamespace(metadata: Field): string {
  const field = child(metadata, "namespace");
  const namespace = readString(field) ?? "";
  return namespace === "" ? defaultNamespace(metadata.range) : checkedName(field, namespace, dnsLabelProblems);
}

/** Reports unknown fields of `metadata`, and labels and annotations that the API server would not accept. */
export function validateMeta(metadata: Field): void {
  allowOnly(metadata, metaFields);
  const labels = child(metadata, "labels");
  for (const [key, value] of readStringMap({ ...labels, problems: [] })) {
    for (const problem of labelKeyProblems(key)) invalid(labels, "PW2002", key, problem);
    for (const problem of labelValueProblems(value)) invalid(labels, "PW2002", value, problem);
  }
  const annotations = child(metadata, "annotations");
  let bytes = 0;
  for (const [key, value] of readStringMap(annotations)) {
    for (const problem of labelKeyProblems(key.toLowerCase())) invalid(annotations, "PW2002", key, problem);
    bytes += byteLength(key) + byteLength(value);
  }
  if (bytes > maxAnnotationBytes) tooLong(annotations, maxAnnotationBytes);
  // Nothing reads these, but a value of the wrong type makes the whole object unreadable to the API server.
  for (const key of ["selfLink", "uid", "resourceVersion"]) readString(child(metadata, key));
  for (const key of ["generation", "deletionGracePeriodSeconds"]) readInt64(child(metadata, key));
}

/** All keys and values together (apimachinery `TotalAnnotationSizeLimitB`). */
const maxAnnotationBytes = 256 * 1024;

const metaFields = [
  "name",
  "generateName",
  "namespace",
  "selfLink",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "labels",
  "annotations",
  "ownerReferences",
  "finalizers",
  "managedFields",
];

/** Also the empty text; a value of the wrong type is reported as that. */
function isAbsent({ node }: Field): boolean {
  return node === undefined || (node.kind === "scalar" && node.value === "");
}

/** What the API server adds makes a dash at the end good (`maskTrailingDash`). */
function checkPrefix(field: Field, prefix: string, rule: NameRule): void {
  const masked = prefix.length > 1 && prefix.endsWith("-") ? `${prefix.slice(0, -2)}a` : prefix;
  for (const problem of rule(masked)) invalid(field, "PW2001", prefix, problem);
}

function checkedName(field: Field, name: string, rule: NameRule): string {
  for (const problem of rule(name)) invalid(field, "PW2001", name, problem);
  return name;
}
