import type { Address } from "../net/address.ts";
import type { Protocol } from "../net/protocol.ts";
import type { SourceRange } from "../source/source-file.ts";
import type { ScrapeHint } from "./scrape-hint.ts";
import type { Labels } from "./selector.ts";

/** A pod, or one replica of a workload. */
export interface Pod {
  readonly kind: "Pod";
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  /** Where it runs; absent when not scheduled, or not known. */
  readonly node?: string;
  /** It lives in its node's network: never a subject, never a selector peer; its traffic is the node's. */
  readonly hostNetwork: boolean;
  /** It has ended (phase Succeeded or Failed): neither subject nor peer; its addresses are free. */
  readonly completed: boolean;
  /** `status.podIPs`; at most one of each family. Empty when not known. */
  readonly addresses: readonly Address[];
  readonly ports: readonly ContainerPort[];
  /** The workload it is a replica of. */
  readonly workload?: WorkloadReference;
  /** By which Prometheus is asked to read metrics. */
  readonly scrape?: ScrapeHint;
  readonly range?: SourceRange;
}

/** A declared port of a container or of a restartable init container (a sidecar). */
export interface ContainerPort {
  readonly name?: string;
  readonly protocol: Protocol;
  readonly port: number;
}

export interface WorkloadReference {
  readonly kind: WorkloadKind;
  readonly name: string;
  /** How many pods its manifest asks for, where fewer stand for all of them. */
  readonly replicas?: number;
}

export const workloadKinds = [
  "Deployment",
  "ReplicaSet",
  "StatefulSet",
  "DaemonSet",
  "Job",
  "CronJob",
  "ReplicationController",
] as const;

export type WorkloadKind = (typeof workloadKinds)[number];

/** `namespace/name`. */
export function podKey(pod: { readonly namespace: string; readonly name: string }): string {
  return `${pod.namespace}/${pod.name}`;
}

/** Whether two objects are about one pod. */
export function isSamePod(a: Pod, b: Pod): boolean {
  return a.name === b.name && a.namespace === b.namespace;
}

/** Whether NetworkPolicy can see it: running, with a network of its own. */
export function isPolicyPod(pod: Pod): boolean {
  return !pod.hostNetwork && !pod.completed;
}
