import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the checkout. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * A path in the checkout.
 * @param {...string} parts
 */
export function fromRoot(...parts) {
  return join(root, ...parts);
}
