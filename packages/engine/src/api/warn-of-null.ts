import { diagnostic } from "../source/catalogue.ts";
import type { Field } from "./field.ts";
import { child, entriesOf } from "./read-field.ts";

/** Whether a key is there and has no value. */
export function hasNull(parent: Field, key: string): boolean {
  return child(parent, key).node === undefined && entriesOf(parent).some((entry) => entry.key === key);
}

/** Warns of a key whose missing value means all. */
export function warnOfNull({ path, range, problems }: Field, meaning: string, help: string): void {
  problems.push(diagnostic("PW3006", `${path}: there is nothing behind it: ${meaning}`, { range, help }));
}
