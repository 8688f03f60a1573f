import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

const path = new URL("../../../../docs/reference/output.schema.json", import.meta.url);
const schema = JSON.parse(readFileSync(path, "utf8")) as { readonly oneOf: readonly { readonly $ref: string }[] };
const validate = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(schema);

/** The kinds of JSON that the schema in the docs has. */
export const documentedKinds: readonly string[] = schema.oneOf.map(({ $ref }) => $ref.slice("#/$defs/".length));

/** What of an output is not as the schema in the docs says: nothing. */
export function schemaErrors(output: unknown): readonly object[] {
  validate(output);
  return validate.errors ?? [];
}
