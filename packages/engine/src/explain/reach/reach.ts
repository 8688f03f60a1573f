import type { Endpoint } from "../../evaluate/connection.ts";
import { type NamedDestinations } from "../../evaluate/named-destinations.ts";
import type { Pod } from "../../model/pod.ts";
import type { ConnectionSet } from "../../net/connection-set.ts";
import type { AddressInterval } from "../../rules/predicate.ts";

/** Everybody that one end may send something to, or that may send something to it. */
export interface Reach {
  readonly end: Endpoint;
  /** Whether `end` is the source. */
  readonly as: "source" | "destination";
  /** By workload and by what may pass, in the order of the input. */
  readonly pods: readonly ReachedPods[];
  /** How many running pods it may exchange nothing with. */
  readonly closedPods: number;
  /** Addresses that no known pod has, by what may pass. */
  readonly addresses: readonly ReachedAddresses[];
  /** What rules accept by name. */
  readonly names: readonly NamedDestinations[];
}

/** Pods of one workload, or one pod. */
export interface ReachedPods {
  /** `namespace/name` of the workload or pod. */
  readonly name: string;
  readonly pods: readonly Pod[];
  readonly connections: ConnectionSet;
}

export interface ReachedAddresses {
  /** In order, not touching. */
  readonly intervals: readonly AddressInterval[];
  readonly connections: ConnectionSet;
}
