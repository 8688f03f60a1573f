import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClusterPolicyKind } from "../../packages/engine/src/index.ts";

/** A Go module that requires the releases with the definitions. */
const module = join(import.meta.dirname, "crds");
const releases: Readonly<Record<ClusterPolicyKind, string>> = {
  ClusterNetworkPolicy: "sigs.k8s.io/network-policy-api",
  AdminNetworkPolicy: "podwall.dev/network-policy-api-v1alpha1",
  BaselineAdminNetworkPolicy: "podwall.dev/network-policy-api-v1alpha1",
};

/** Why the definitions cannot be had here, in words. */
export const definitionsLacking: string | undefined =
  spawnSync("go", ["version"]).status === 0 ? undefined : "needs Go to get CustomResourceDefinitions";

/** The CustomResourceDefinitions of the cluster-wide policies, experimental channel, as YAML. */
export function policyDefinitions(): ReadonlyMap<ClusterPolicyKind, string> {
  const kinds = Object.keys(releases) as ClusterPolicyKind[];
  return new Map(kinds.map((kind) => [kind, readFileSync(definitionPath(kind), "utf8")]));
}

function definitionPath(kind: ClusterPolicyKind): string {
  const env = { ...process.env, GOFLAGS: "-mod=readonly", GOWORK: "off" };
  const args = ["mod", "download", "-json", releases[kind]];
  const { Dir } = JSON.parse(execFileSync("go", args, { cwd: module, env, encoding: "utf8" })) as { Dir: string };
  const file = `policy.networking.k8s.io_${kind.toLowerCase().slice(0, -1)}ies.yaml`;
  return join(Dir, "config/crd/experimental", file);
}
