import type { YamlMap } from "./yaml-text.ts";

/** A cluster as the generator thinks of it, before it is written as manifests. */
export interface GeneratedCluster {
  readonly nodes: readonly GeneratedNode[];
  readonly namespaces: readonly GeneratedNamespace[];
  /** ClusterNetworkPolicy manifests; none but in the mix `tiers`. */
  readonly clusterPolicies: readonly YamlMap[];
}

export interface GeneratedNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly addresses: readonly string[];
  readonly podCidrs: readonly string[];
}

export interface GeneratedNamespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly apps: readonly GeneratedApp[];
  /** NetworkPolicy manifests. */
  readonly policies: readonly YamlMap[];
}

/** What would be a Deployment: pods with the same job. */
export interface GeneratedApp {
  readonly name: string;
  /** What the pods' template says; each pod may have more. */
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly GeneratedPort[];
  readonly pods: readonly GeneratedPod[];
}

export interface GeneratedPort {
  readonly name: string;
  readonly protocol: "TCP" | "UDP";
  readonly port: number;
}

export interface GeneratedPod {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly node: string;
  readonly addresses: readonly string[];
}
