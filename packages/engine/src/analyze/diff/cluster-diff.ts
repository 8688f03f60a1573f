import type { MissingFact } from "../../explain/unknown/missing-fact.ts";
import type { AddressInterval } from "../../rules/predicate.ts";
import type { ConnectionSet } from "../../net/connection-set.ts";

/** What may pass in one state of a cluster and not in another, between whom. */
export interface ClusterDiff {
  /** Worst first. */
  readonly blocks: readonly DiffBlock[];
  /** All ends that are pods, of both states. */
  readonly ends: readonly DiffPods[];
  /** What was looked at alone, where the other is left out. */
  readonly only?: "opened" | "closed";
}

/** Each of the sources may exchange something else with each of the destinations now. */
export interface DiffBlock {
  readonly sources: readonly DiffEnd[];
  readonly destinations: readonly DiffEnd[];
  readonly scope: DiffScope;
  /** What passes for sure, as `after`. */
  readonly before: ConnectionSet;
  readonly after: ConnectionSet;
  /** What may pass after, and might not before. */
  readonly opened: ConnectionSet;
  readonly closed: ConnectionSet;
  /** What besides may open or close, as things are that the input does not say; absent where the change is known. */
  readonly unknown?: UnknownChange;
  /** How many ordered pairs of ends this is; an end is no pair with itself unless it stands for several pods. */
  readonly pairs: number;
}

export interface UnknownChange {
  readonly opened: ConnectionSet;
  readonly closed: ConnectionSet;
  readonly missing: readonly MissingFact[];
}

/** Between whom; the order is that of the harm that opening does. */
export type DiffScope = "from-outside" | "to-outside" | "across-namespaces" | "within-namespace";

export type DiffEnd = DiffPods | DiffAddresses | DiffDomain;

/** Pods that policies treat alike before, and alike after. */
export interface DiffPods {
  readonly kind: "pods";
  /** `namespace/name` of a workload, or of the first of the pods. */
  readonly name: string;
  readonly namespace: string;
  /** Their keys. */
  readonly pods: readonly string[];
  readonly presence: "both" | "new" | "gone";
}

/** Addresses that no pod is known to have. */
export interface DiffAddresses {
  readonly kind: "addresses";
  /** In order, not touching. */
  readonly intervals: readonly AddressInterval[];
}

/** What is reached by name. */
export interface DiffDomain {
  readonly kind: "domain";
  readonly name: string;
}
