import { randomBytes } from "node:crypto";

/** A word no one else uses. */
export function newWord(): string {
  return randomBytes(8).toString("hex");
}
