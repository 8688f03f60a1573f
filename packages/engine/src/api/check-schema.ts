import type { SourceNode } from "../source/source-node.ts";
import type { Field } from "./field.ts";
import { allowOnly, hasUnknown } from "./known-fields.ts";
import { child, entriesOf, items } from "./read-field.ts";
import type { IntegerSchema, ListSchema, ObjectSchema, Schema, TextSchema } from "./schema.ts";
import {
  doesNotMatch,
  duplicate,
  missing,
  notOneOf,
  outOfBounds,
  tooFewFields,
  tooFewItems,
  tooLong,
  tooManyFields,
  tooManyItems,
  wrongSchemaType,
} from "./schema-problem.ts";

/**
 * Reports everything in which a value that is there differs from a schema, as the API server does for custom
 * resources. As there, a null field is an absent one, and a null item of a list is a value of the wrong type.
 * Unlike there, rules are checked beside other errors, not only once those are mended.
 */
export function checkSchema(field: Field, schema: Schema): void {
  switch (schema.kind) {
    case "text":
      checkText(field, schema);
      break;
    case "integer":
      checkInteger(field, schema);
      break;
    case "list":
      checkList(field, schema);
      break;
    case "object":
      checkObject(field, schema);
      break;
    case "text-map":
      checkTextMap(field);
      break;
    case "anything":
      break;
  }
}

function checkText(field: Field, { oneOf, renamed, maxLength, pattern, rule }: TextSchema): void {
  const value = scalarOf(field.node);
  if (typeof value !== "string") wrongSchemaType(field, "string");
  if (oneOf !== undefined && field.node !== undefined && !oneOf.some((one) => one === value)) {
    notOneOf(field, plainValue(field.node), oneOf, renamed);
  }
  if (typeof value !== "string") return;
  if (maxLength !== undefined && [...value].length > maxLength) tooLong(field, maxLength);
  else if (pattern !== undefined && !pattern.test(value)) doesNotMatch(field, value, pattern);
  else rule?.(field);
}

function checkInteger(field: Field, { minimum, maximum, code }: IntegerSchema): void {
  const value = scalarOf(field.node);
  if (typeof value !== "number" || !Number.isSafeInteger(value)) wrongSchemaType(field, "integer");
  if (typeof value === "number" && (value < minimum || value > maximum))
    outOfBounds(field, value, minimum, maximum, code);
}

function checkList(field: Field, { items: itemSchema, minItems, maxItems, unique }: ListSchema): void {
  if (field.node?.kind !== "sequence") {
    wrongSchemaType(field, "array");
    return;
  }
  const list = items(field);
  for (const item of list) checkSchema(item, itemSchema);
  if (minItems !== undefined && list.length < minItems) tooFewItems(field, list.length, minItems);
  if (maxItems !== undefined && list.length > maxItems) tooManyItems(field, list.length, maxItems);
  if (unique) checkUnique(list);
}

/** Reports the second of equal texts, once, however often it follows. */
function checkUnique(list: readonly Field[]): void {
  const seen = new Map<string, number>();
  for (const item of list) {
    const value = scalarOf(item.node);
    if (typeof value !== "string") continue;
    const times = (seen.get(value) ?? 0) + 1;
    seen.set(value, times);
    if (times === 2) duplicate(item, value);
  }
}

function checkObject(field: Field, schema: ObjectSchema): void {
  if (field.node?.kind !== "mapping") {
    wrongSchemaType(field, "object");
    return;
  }
  const known = Object.keys(schema.fields);
  allowOnly(field, known, schema.elsewhere?.(field), schema.renamed);
  const given = known.map((key) => child(field, key)).filter(({ node }) => node !== undefined);
  // A field that is not known is most often one of these, misspelled.
  const complete = !hasUnknown(field, known);
  if (schema.notEmpty && complete && given.length === 0) tooFewFields(field, known);
  if (schema.atMostOne && given.length > 1) tooManyFields(field, given.length);
  for (const { key, value } of entriesOf(field)) {
    const fieldSchema = Object.hasOwn(schema.fields, key) ? schema.fields[key] : undefined;
    if (fieldSchema !== undefined && !isNull(value)) checkSchema(child(field, key), fieldSchema);
  }
  for (const key of complete ? (schema.required ?? []) : []) {
    if (child(field, key).node === undefined) missing(child(field, key));
  }
  schema.rule?.(field);
}

function checkTextMap(field: Field): void {
  if (field.node?.kind !== "mapping") {
    wrongSchemaType(field, "object");
    return;
  }
  for (const { key, value } of entriesOf(field)) {
    const item = { ...field, path: `${field.path}.${key}`, node: value, range: value.range };
    if (!isNull(value) && typeof scalarOf(value) !== "string") wrongSchemaType(item, "string");
  }
}

/** The value of a scalar; undefined for anything else, and for null. */
function scalarOf(node: SourceNode | undefined): string | number | boolean | undefined {
  return node?.kind === "scalar" && node.value !== null ? node.value : undefined;
}

/** A value as JSON has it; the API server sorts keys. */
function plainValue(node: SourceNode): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "sequence") return node.items.map(plainValue);
  const entries = node.entries.map(({ key, value }) => [key, plainValue(value)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function isNull(node: SourceNode): boolean {
  return node.kind === "scalar" && node.value === null;
}
