import type { RecipeName } from "./recipes.ts";

/** Which policies a cluster has: these in every namespace, then the rotation until the profile's number is reached. */
export interface Mix {
  readonly name: string;
  readonly everywhere: readonly RecipeName[];
  readonly rotation: readonly RecipeName[];
  /** Whether there are ClusterNetworkPolicies too, beyond the profile's number. */
  readonly clusterPolicies: boolean;
}

const usual: readonly RecipeName[] = ["default-deny", "same-namespace", "allow-dns"];
const appToApp: readonly RecipeName[] = ["app-egress", "app-ingress"];
const expressions: readonly RecipeName[] = ["team-ingress", "team-egress"];
const ipBlocks: readonly RecipeName[] = ["ip-block-egress", "ip-block-ingress"];
const everything: readonly RecipeName[] = [...appToApp, ...expressions, "port-range", "named-port", ...ipBlocks];

function mix(name: string, everywhere: readonly RecipeName[], rotation: readonly RecipeName[]): Mix {
  return { name, everywhere, rotation, clusterPolicies: name === "tiers" };
}

export const mixes: readonly Mix[] = [
  mix("standard", usual, everything),
  mix("default-deny", ["default-deny"], ["default-deny-of-app"]),
  mix("same-namespace", ["default-deny", "same-namespace"], ["same-namespace-of-app"]),
  mix("allow-dns", ["default-deny", "allow-dns"], ["allow-dns-of-app"]),
  mix("app-to-app", usual, appToApp),
  mix("port-ranges", usual, ["port-range"]),
  mix("named-ports", usual, ["named-port"]),
  mix("ip-blocks", usual, ipBlocks),
  mix("node-blocks", usual, [...ipBlocks, "node-block-ingress", "team-egress"]),
  mix("expressions", usual, expressions),
  mix("tiers", usual, everything),
];
