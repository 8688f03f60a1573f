import { diagnostic } from "../source/catalogue.ts";
import type { Field } from "./field.ts";
import { checkMapping, entriesOf } from "./read-field.ts";
import { nearest } from "./nearest.ts";

/**
 * Reports every field that a mapping must not have, as strict decoding does. A field in the wrong place would
 * otherwise be dropped, and what is left may allow more than its author meant.
 * `elsewhere` says where a field that is known in another part belongs.
 */
export function allowOnly(
  field: Field,
  known: readonly string[],
  elsewhere: ReadonlyMap<string, string> = new Map(),
): void {
  checkMapping(field);
  for (const { key, keyRange } of entriesOf(field)) {
    if (known.includes(key)) continue;
    const path = field.path === "" ? key : `${field.path}.${key}`;
    const meant = nearest(key, known);
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
    field.problems.push(diagnostic("PW1013", `unknown field "${path}"`, { range: keyRange, help }));
  }
}
