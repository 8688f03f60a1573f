import type { SourceRange } from "../source/source-file.ts";
import type { LabelSelector } from "./selector.ts";

/** Whose metrics Prometheus reads: ServiceMonitor or PodMonitor (monitoring.coreos.com/v1). */
export interface Monitor {
  readonly kind: "ServiceMonitor" | "PodMonitor";
  readonly namespace: string;
  readonly name: string;
  /** Where it looks: in all namespaces, or in these. */
  readonly namespaces: "all" | readonly string[];
  /** Over the labels of Services or of pods, by kind. */
  readonly selector: LabelSelector;
  readonly ports: readonly MonitorPort[];
  readonly range?: SourceRange;
}

/** A port of a Service by its name, or a port of a pod by name or number. */
export type MonitorPort =
  | { readonly kind: "service"; readonly name: string }
  | { readonly kind: "pod"; readonly port: string | number };
