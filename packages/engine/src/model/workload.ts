import type { SourceRange } from "../source/source-file.ts";
import type { ContainerPort, WorkloadKind } from "./pod.ts";
import type { ScrapeHint } from "./scrape-hint.ts";
import type { Labels } from "./selector.ts";

/** Pods from one template. */
export interface Workload {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
  /** The template's labels, which its pods get. */
  readonly labels: Labels;
  /** How many pods the manifest asks for; undefined for a DaemonSet, which has one a node. */
  readonly replicas?: number;
  readonly hostNetwork: boolean;
  readonly ports: readonly ContainerPort[];
  /** By which Prometheus is asked to read metrics. */
  readonly scrape?: ScrapeHint;
  readonly range?: SourceRange;
}
