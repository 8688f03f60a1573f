import { requireNode } from "./node-version.mjs";
import { installPackages } from "./packages.mjs";

/** What every script needs first: a Node that is new enough, and the npm packages. */
export async function setup() {
  requireNode();
  await installPackages();
}
