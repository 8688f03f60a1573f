import type { PolicyPort } from "../model/network-policy.ts";
import { protocols } from "../net/protocol.ts";
import type { Field } from "./field.ts";
import { withProblems } from "./read-field.ts";
import { readInt32, readString } from "./read-scalar.ts";
import type { IntegerSchema } from "./schema.ts";

/** A number of a port. */
export const portNumberSchema: IntegerSchema = { kind: "integer", minimum: 1, maximum: 65535, code: "PW2005" };

/** Reads a number; undefined where there is none, also where the schema has found something else. */
export function readNumber(field: Field): number | undefined {
  return readInt32(withProblems(field, []));
}

/** A name has no protocol in this API, so it stands for the port of that name of each: the destination tells which. */
export function readPortName(item: Field, field: Field): readonly PolicyPort[] {
  const name = readString(field) ?? "";
  return protocols.map((protocol) => ({
    path: item.path,
    protocol,
    port: { kind: "named", name },
    range: item.range,
  }));
}
