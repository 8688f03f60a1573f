import { adminPolicies } from "./cases/admin-policies.ts";
import { clusterPolicies } from "./cases/cluster-policies.ts";
import { jsonCases } from "./cases/json.ts";
import { metadataCases } from "./cases/metadata.ts";
import { networkPolicies } from "./cases/network-policies.ts";
import { yamlLayouts } from "./cases/yaml-layouts.ts";
import { yamlScalars } from "./cases/yaml-scalars.ts";
import { generatedManifests } from "./generated.ts";
import type { Manifest } from "./manifest.ts";

/** By what they try. */
export const allManifests: Readonly<Record<string, readonly Manifest[]>> = {
  "NetworkPolicy, by rule": networkPolicies,
  "ClusterNetworkPolicy, by rule": clusterPolicies,
  "Admin and Baseline, by rule": adminPolicies,
  "metadata and top level": metadataCases,
  "YAML scalars": yamlScalars,
  "YAML layouts": yamlLayouts,
  JSON: jsonCases,
  "made bad at random": generatedManifests(1, 1_500),
};
