import type { DiagnosticCode } from "../source/catalogue.ts";
import type { SourceNode } from "../source/source-node.ts";
import type { Field } from "./field.ts";
import { invalid, report, required, typeHelp, unsupported } from "./problem.ts";

// Texts equal those of the API server for custom resources: k8s.io/kube-openapi `validation/errors`, in the form that
// k8s.io/apiextensions-apiserver `kubeOpenAPIResultToFieldErrors` gives them.

type SchemaType = "string" | "integer" | "array" | "object";

/** Reports a value of the wrong type; a null item of a list is one. */
export function wrongSchemaType(field: Field, wanted: SchemaType): void {
  const { node } = field;
  const found = JSON.stringify(typeName(node));
  const help = node === undefined ? "remove the empty item" : typeHelp(node, helpWords[wanted]);
  invalidBody(field, "PW1012", typeName(node), `must be of type ${wanted}: ${found}`, help);
}

/** Reports a value that is none of those allowed; `renamed` are names that other versions of the API use. */
export function notOneOf(
  field: Field,
  value: unknown,
  supported: readonly string[],
  renamed: ReadonlyMap<string, string> = new Map(),
): void {
  const meant = renamed.get(String(value));
  unsupported(field, "PW2016", value, supported, meant === undefined ? undefined : `write \`${meant}\``);
}

export function outOfBounds(field: Field, value: number, minimum: number, maximum: number, code: DiagnosticCode): void {
  const [word, bound] = value < minimum ? (["greater", minimum] as const) : (["less", maximum] as const);
  invalidBody(field, code, value, `should be ${word} than or equal to ${bound}`);
}

export function tooLong(field: Field, limit: number): void {
  report(field, "PW2025", `Too long: may not be more than ${limit} bytes`);
}

export function doesNotMatch(field: Field, value: string, pattern: RegExp): void {
  invalidBody(field, "PW2023", value, `should match '${pattern.source}'`);
}

/** Reports the second of two equal items of a set. */
export function duplicate(field: Field, value: string): void {
  report(field, "PW2024", `Duplicate value: ${JSON.stringify(value)}`, "remove one of the two");
}

/** Reports a required field that is absent or null. */
export function missing(field: Field): void {
  required(field, "PW2018", "");
}

/** Reports a list with too few items. */
export function tooFewItems(field: Field, count: number, minimum: number): void {
  const help = "leave the field out, or give it an item";
  invalidBody(field, "PW2019", count, `should have at least ${minimum} items`, help);
}

/** Reports a list with too many items. */
export function tooManyItems(field: Field, count: number, maximum: number): void {
  report(field, "PW2019", `Too many: ${count}: must have at most ${maximum} items`);
}

/** Reports an object that has none of its fields. */
export function tooFewFields(field: Field, known: readonly string[]): void {
  const help = `write one of ${known.map((key) => `\`${key}\``).join(", ")}`;
  invalidBody(field, "PW2020", 0, "should have at least 1 properties", help);
}

/** Reports an object with more than one of the fields of which it may have one. */
export function tooManyFields(field: Field, count: number): void {
  report(
    field,
    "PW2020",
    `Too many: ${count}: must have at most 1 item`,
    "make them an item each, or keep one of them",
  );
}

/** The API server says the path twice: as the field, and in the text of the schema's own error. */
function invalidBody(field: Field, code: DiagnosticCode, value: unknown, detail: string, help?: string): void {
  invalid(field, code, value, `${field.path} in body ${detail}`, help);
}

const helpWords: Readonly<Record<SchemaType, string>> = {
  string: "text",
  integer: "a whole number",
  array: "a list",
  object: "a mapping",
};

function typeName(node: SourceNode | undefined): string {
  if (node === undefined) return "null";
  if (node.kind !== "scalar") return node.kind === "sequence" ? "array" : "object";
  if (typeof node.value === "number") return Number.isSafeInteger(node.value) ? "integer" : "number";
  return node.value === null ? "null" : typeof node.value;
}
