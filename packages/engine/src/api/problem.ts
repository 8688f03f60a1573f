import { type DiagnosticCode, diagnostic } from "../source/catalogue.ts";
import type { SourceNode } from "../source/source-node.ts";
import type { Field } from "./field.ts";
import { goJson, goQuote } from "./go-quote.ts";

// Texts equal those of the API server: k8s.io/apimachinery `field.Error`.

/** Reports a value that is not allowed. */
export function invalid(field: Field, code: DiagnosticCode, value: unknown, detail: string, help?: string): void {
  const shown = typeof value === "string" ? goQuote(value) : JSON.stringify(value);
  report(field, code, `Invalid value: ${shown}: ${detail}`, help);
}

/** Reports that a field must be given. */
export function required(field: Field, code: DiagnosticCode, detail: string, help?: string): void {
  report(field, code, detail === "" ? "Required value" : `Required value: ${detail}`, help);
}

/** Reports that a field must not be given. */
export function forbidden(field: Field, code: DiagnosticCode, detail: string, help?: string): void {
  report(field, code, `Forbidden: ${detail}`, help);
}

/** Reports a value that is none of the allowed ones, and names the one that was meant where case is the difference. */
export function unsupported(
  field: Field,
  code: DiagnosticCode,
  value: unknown,
  supported: readonly string[],
  help?: string,
): void {
  const meant = supported.find((one) => one.toLowerCase() === String(value).toLowerCase());
  const listed = supported.map((one) => JSON.stringify(one)).join(", ");
  const message = `Unsupported value: ${goJson(value)}: supported values: ${listed}`;
  report(field, code, message, meant === undefined ? help : `write \`${meant}\``);
}

/**
 * Reports a value of the wrong type, which the API server refuses before it validates anything. Its own words
 * (`json: cannot unmarshal bool into Go struct field …`) name Go types and no list index, so these differ.
 */
export function wrongType(field: Field, wanted: string): void {
  const { node } = field;
  if (node === undefined) return;
  const shown = node.kind === "scalar" ? `${node.text}: ` : "";
  report(field, "PW1012", `Invalid value: ${shown}must be ${wanted}, not ${describe(node)}`, typeHelp(node, wanted));
}

/** Reports anything, in the API server's form: the path, a colon and the message. */
export function report(field: Field, code: DiagnosticCode, message: string, help?: string): void {
  const path = field.path === "" ? "" : `${field.path}: `;
  field.problems.push(diagnostic(code, `${path}${message}`, { range: field.range, help }));
}

function describe(node: SourceNode): string {
  if (node.kind !== "scalar") return node.kind === "sequence" ? "a list" : "a mapping";
  if (typeof node.value === "number") return Number.isSafeInteger(node.value) ? "a number" : "a fraction";
  return typeof node.value === "boolean" ? "a boolean" : "text";
}

/** What to write for a value of the wrong type. */
export function typeHelp(node: SourceNode, wanted: string): string | undefined {
  if (node.kind === "mapping" && wanted === "a list") return "start the item with a dash: `- `";
  if (node.kind !== "scalar") return undefined;
  if (wanted === "text") return `put it in quotes: "${node.text}"`;
  const missingSpace = /^([A-Za-z][\w./-]*):([^\s:/].*)$/.exec(node.text);
  if (missingSpace !== null) return `put a space after the colon: \`${missingSpace[1]}: ${missingSpace[2]}\``;
  if (wanted === "a whole number" && /^[0-9]+$/.test(node.text)) return `take the quotes away: ${node.text}`;
  return undefined;
}
