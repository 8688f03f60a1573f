import type { Endpoint } from "../../evaluate/connection.ts";
import type { Pod } from "../../model/pod.ts";
import type { ConnectionSet } from "../../net/connection-set.ts";
import type { AddressInterval } from "../../rules/predicate.ts";
import type { MissingFact } from "../unknown/missing-fact.ts";

/** Everybody that one end may send something to, or that may send something to it; or of whom that is not known. */
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
  readonly names: readonly ReachedNames[];
}

/** What may pass. */
export interface Reached {
  /** For sure. */
  readonly connections: ConnectionSet;
  /** What besides may pass or not, as things are that the input does not say; absent where the answer is known. */
  readonly unknown?: ReachedUnknown;
}

export interface ReachedUnknown {
  readonly connections: ConnectionSet;
  readonly missing: readonly MissingFact[];
}

/** Pods of one workload, or one pod. */
export interface ReachedPods extends Reached {
  /** `namespace/name` of the workload or pod. */
  readonly name: string;
  readonly pods: readonly Pod[];
}

export interface ReachedAddresses extends Reached {
  /** In order, not touching. */
  readonly intervals: readonly AddressInterval[];
}

export interface ReachedNames extends Reached {
  /** Names, or `*.` and a suffix. */
  readonly domainNames: readonly string[];
}
