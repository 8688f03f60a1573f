import { type Address, parseAddress } from "../net/address.ts";
import type { Field } from "./field.ts";
import { invalid } from "./problem.ts";
import { readString } from "./read-scalar.ts";

/** Reads an IP address; undefined where there is none or, which is a problem, none can be read. */
export function readAddress(field: Field): Address | undefined {
  const text = readString(field) ?? "";
  if (text === "") return undefined;
  const address = parseAddress(text);
  if (address === undefined) {
    invalid(field, "PW2014", text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
  }
  return address;
}
