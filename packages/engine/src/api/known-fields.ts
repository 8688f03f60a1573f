import { diagnostic } from "../source/catalogue.ts";
import type { Field } from "./field.ts";
import { checkMapping, entriesOf } from "./read-field.ts";
import { goQuote } from "./go-quote.ts";
import { nearest } from "./nearest.ts";

/**
 * Reports every field that a mapping must not have, as strict decoding does. A field in the wrong place would
 * otherwise be dropped, and what is left may allow more than its author meant.
 * `elsewhere` says where a field that is known in another part belongs, `renamed` what a field of another kind is
 * called here.
 */
export function allowOnly(
  field: Field,
  known: readonly string[],
  elsewhere: ReadonlyMap<string, string> = new Map(),
  renamed: ReadonlyMap<string, string> = new Map(),
): void {
  checkMapping(field);
  for (const { key, keyRange } of entriesOf(field)) {
    if (known.includes(key)) continue;
    const path = field.path === "" ? key : `${field.path}.${key}`;
    const meant = renamed.get(key) ?? nearest(key, known);
    const other = nearest(key, [...elsewhere.keys()]);
    const place = other === undefined ? undefined : elsewhere.get(other);
    const help =
      meant !== undefined
        ? `did you mean \`${meant}\`?`
        : place !== undefined
          ? `\`${other}\` belongs in ${place}: check the indentation`
          : known.length > 0
            ? `here the API knows ${known.map((name) => `\`${name}\``).join(", ")}`
            : undefined;
    field.problems.push(diagnostic("PW1013", `unknown field ${goQuote(path)}`, { range: keyRange, help }));
  }
}

/** Whether a mapping has a field that is none of these. */
export function hasUnknown(field: Field, known: readonly string[]): boolean {
  return entriesOf(field).some(({ key }) => !known.includes(key));
}
