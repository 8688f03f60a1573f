import type { SourceNode } from "../source/source-node.ts";
import type { Field } from "./field.ts";
import { checkMapping, entriesOf } from "./read-field.ts";
import { wrongType } from "./problem.ts";

/** A text; undefined when absent, or no text, which is a problem: the API converts nothing. */
export function readString(field: Field): string | undefined {
  return readScalar(field, "text", (value) => (typeof value === "string" ? value : undefined));
}

export function readBoolean(field: Field): boolean | undefined {
  return readScalar(field, "a boolean", (value) => (typeof value === "boolean" ? value : undefined));
}

/** A whole number of 32 bits, as Go's `int32`. */
export function readInt32(field: Field): number | undefined {
  return readScalar(field, "a whole number", int32);
}

/** A whole number, as Go's `int64`; from 2⁵³ on it is not exact. */
export function readInt64(field: Field): number | undefined {
  return readScalar(field, "a whole number", (value) => {
    return typeof value === "number" && Number.isInteger(value) && Math.abs(value) <= 2 ** 63 ? value : undefined;
  });
}

/** A number or a text, as the API's `IntOrString`. `"80"` in quotes is text. */
export function readIntOrString(field: Field): number | string | undefined {
  return readScalar(field, "a whole number or text", (value) => (typeof value === "string" ? value : int32(value)));
}

/** A list of texts; a null item is the empty text, as in Go. */
export function readStrings(list: readonly Field[]): readonly string[] {
  return list.map((item) => readString(item) ?? "");
}

/** A mapping of texts, with where each key and value is. A null value is the empty text, as in Go. */
export function readStringMap(field: Field): ReadonlyMap<string, string> {
  checkMapping(field);
  const map = new Map<string, string>();
  for (const { key, value } of entriesOf(field)) {
    if (value.kind === "scalar" && typeof value.value === "string") {
      map.set(key, value.value);
      continue;
    }
    const isNull = value.kind === "scalar" && value.value === null;
    const node = isNull ? undefined : value;
    map.set(key, readString({ ...field, path: `${field.path}.${key}`, node, range: value.range }) ?? "");
  }
  return map;
}

type ScalarValue = Extract<SourceNode, { kind: "scalar" }>["value"];

function readScalar<T>(field: Field, wanted: string, accept: (value: ScalarValue) => T | undefined): T | undefined {
  if (field.node === undefined) return undefined;
  const value = field.node.kind === "scalar" ? accept(field.node.value) : undefined;
  if (value === undefined) wrongType(field, wanted);
  return value;
}

function int32(value: ScalarValue): number | undefined {
  return typeof value === "number" && value === (value | 0) ? value : undefined;
}
