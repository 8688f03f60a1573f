import type { Address } from "../net/address.ts";
import type { Cidr } from "../net/cidr.ts";
import type { Protocol } from "../net/protocol.ts";
import type { SourceRange } from "../source/source-file.ts";
import type { ClusterPolicy } from "./cluster-policy.ts";
import type { NetworkPolicy } from "./network-policy.ts";
import type { Pod } from "./pod.ts";
import type { ScrapeHint } from "./scrape-hint.ts";
import type { Labels } from "./selector.ts";

/** An immutable snapshot of everything a verdict depends on. */
export interface Cluster {
  /** By name. Every namespace that an object names is present. */
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly pods: readonly Pod[];
  /** By name. */
  readonly nodes: ReadonlyMap<string, ClusterNode>;
  readonly services: readonly Service[];
  readonly policies: readonly NetworkPolicy[];
  /** The Admin and Baseline tiers; in no order. */
  readonly clusterPolicies: readonly ClusterPolicy[];
}

export interface Namespace {
  readonly kind: "Namespace";
  readonly name: string;
  /** Always holds `kubernetes.io/metadata.name`, which the control plane sets on every namespace. */
  readonly labels: Labels;
  /** False when no Namespace object was read and only its name is known, so its other labels are not. */
  readonly declared: boolean;
  readonly range?: SourceRange;
}

/** A Kubernetes Node ("ClusterNode", because Node is taken in this language). */
export interface ClusterNode {
  readonly kind: "Node";
  readonly name: string;
  readonly labels: Labels;
  /** `status.addresses` that are IPs. */
  readonly addresses: readonly Address[];
  /** `spec.podCIDRs`. */
  readonly podCidrs: readonly Cidr[];
  readonly range?: SourceRange;
}

export interface Service {
  readonly kind: "Service";
  readonly namespace: string;
  readonly name: string;
  /** Labels its backends have; absent when the Service has no selector. */
  readonly selector?: Labels;
  /** Its own labels, by which a ServiceMonitor selects it. */
  readonly labels?: Labels;
  /** ClusterIPs; empty when headless or not yet given out. */
  readonly addresses: readonly Address[];
  readonly headless: boolean;
  readonly type: "ClusterIP" | "NodePort" | "LoadBalancer" | "ExternalName";
  /** Whether what comes from outside keeps its source address (`externalTrafficPolicy: Local`). */
  readonly keepsSource?: boolean;
  readonly ports: readonly ServicePort[];
  readonly scrape?: ScrapeHint;
  readonly range?: SourceRange;
}

export interface ServicePort {
  readonly name?: string;
  readonly protocol: Protocol;
  readonly port: number;
  /** A number, or the name of a container port. Equal to `port` when the manifest leaves it out. */
  readonly targetPort: number | string;
}

/** A namespace of which only the name is known, with the one label that it is sure to have. */
export function undeclaredNamespace(name: string): Namespace {
  return { kind: "Namespace", name, labels: new Map([[namespaceNameLabel, name]]), declared: false };
}

/** The label the control plane puts on every namespace (Kubernetes 1.22). */
export const namespaceNameLabel = "kubernetes.io/metadata.name";
