import type { LabelSelector, SelectorOperator, SelectorRequirement } from "../model/selector.ts";
import type { SourceNode } from "../source/source-node.ts";
import type { Field } from "./field.ts";
import { child, entriesOf, items } from "./read-field.ts";
import { allowOnly } from "./known-fields.ts";
import { labelKeyProblems, labelValueProblems } from "./names.ts";
import { nearest } from "./nearest.ts";
import { warnOfNull } from "./warn-of-null.ts";
import { forbidden, invalid, required } from "./problem.ts";
import { readString, readStringMap, readStrings } from "./read-scalar.ts";

/** Reads a selector that is there; what is wrong with it goes to the field's problems (`ValidateLabelSelector`). */
export function readLabelSelector(field: Field): LabelSelector {
  allowOnly(field, ["matchLabels", "matchExpressions"], outsideSelector(field));
  if (isNullLabels(field)) {
    const help = "name the labels, or write `{}` for the selector where all are meant";
    warnOfNull(child(field, "matchLabels"), "no labels, so everything is selected", help);
  }
  const requirements = [
    ...readMatchLabels(child(field, "matchLabels")),
    ...items(child(field, "matchExpressions")).map(readRequirement),
  ];
  return { requirements, range: field.range };
}

/** `matchLabels:` with nothing behind it, and nothing else that is asked for. */
function isNullLabels(field: Field): boolean {
  const entries = entriesOf(field);
  return entries.length === 1 && entries[0]?.key === "matchLabels" && child(field, "matchLabels").node === undefined;
}

/** The most frequent slip: labels written right under the selector. */
export function outsideSelector(field: Field): ReadonlyMap<string, string> {
  const labels = entriesOf(field).filter(({ value }) => value.kind === "scalar");
  return new Map(labels.map(({ key }) => [key, "`matchLabels`"]));
}

function readMatchLabels(field: Field): readonly SelectorRequirement[] {
  const ranges = new Map(
    entriesOf(field).map(({ key, keyRange, value }) => [key, { ...keyRange, end: value.range.end }]),
  );
  return [...readStringMap(field)].map(([key, value]) => {
    const range = ranges.get(key) ?? field.range;
    const at = { ...field, range };
    for (const problem of labelKeyProblems(key)) invalid(at, "PW2002", key, problem);
    for (const problem of labelValueProblems(value)) invalid(at, "PW2002", value, problem);
    return { key, operator: "In", values: [value], range } as const;
  });
}

function readRequirement(field: Field): SelectorRequirement {
  allowOnly(field, ["key", "operator", "values"]);
  if (wasReported(field, "mapping")) return { key: "", operator: "In", values: [] };
  const operatorField = child(field, "operator");
  const valuesField = child(field, "values");
  const keyField = child(field, "key");
  const operator = readString(operatorField) ?? "";
  const values = readStrings(items(valuesField));
  checkOperator(operatorField, operator, valuesField, values);
  const key = readString(keyField) ?? "";
  for (const problem of labelKeyProblems(key)) invalid(keyField, "PW2002", key, problem);
  for (const [index, valueField] of items({ ...valuesField, problems: [] }).entries()) {
    const at = { ...valueField, problems: field.problems };
    for (const problem of labelValueProblems(values[index] ?? "")) invalid(at, "PW2002", values[index], problem);
  }
  return { key, operator: isOperator(operator) ? operator : "In", values, range: field.range };
}

function checkOperator(operatorField: Field, operator: string, valuesField: Field, values: readonly string[]): void {
  switch (operator) {
    case "In":
    case "NotIn":
      if (values.length > 0 || wasReported(valuesField, "sequence")) return;
      required(valuesField, "PW2003", "must be specified when `operator` is 'In' or 'NotIn'");
      return;
    case "Exists":
    case "DoesNotExist":
      if (values.length === 0) return;
      forbidden(valuesField, "PW2003", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
      return;
    default: {
      const meant = nearest(operator, operators);
      const help = meant === undefined ? `the operators are ${operators.join(", ")}` : `write \`${meant}\``;
      invalid(operatorField, "PW2003", operator, "not a valid selector operator", help);
    }
  }
}

/** A value of another type was reported as that. */
function wasReported({ node }: Field, wanted: SourceNode["kind"]): boolean {
  return node !== undefined && node.kind !== wanted;
}

const operators: readonly SelectorOperator[] = ["In", "NotIn", "Exists", "DoesNotExist"];

function isOperator(text: string): text is SelectorOperator {
  return (operators as readonly string[]).includes(text);
}
