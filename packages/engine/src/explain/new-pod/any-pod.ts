import type { NetworkPolicy } from "../../model/network-policy.ts";
import type { Labels } from "../../model/selector.ts";
import type { ConnectionSet } from "../../net/connection-set.ts";
import type { AddressInterval } from "../../rules/predicate.ts";
import type { ReachedUnknown } from "../reach/reach.ts";

/** What a pod of a namespace could do that is not there yet, whatever its labels. */
export interface AnyPod {
  readonly namespace: string;
  /** Policies of the namespace; those that select every pod first. */
  readonly policies: readonly { readonly policy: NetworkPolicy; readonly selectsAll: boolean }[];
  /** With whom it may exchange something as a source, and as a destination. */
  readonly source: readonly PossibleEnd[];
  readonly destination: readonly PossibleEnd[];
  /** Whether not all labels were tried that policies tell apart, because those are too many. */
  readonly isCut: boolean;
}

/** Pods of one workload, or addresses that are no pod's. */
export interface PossibleEnd {
  readonly end: string | readonly AddressInterval[];
  /** What passes whatever the labels of the new pod. */
  readonly always: ConnectionSet;
  /** What passes with some labels. */
  readonly possible: ConnectionSet;
  /** Labels with which more may pass than always. */
  readonly example?: Labels;
  /** What besides may pass with some labels, as things are that the input does not say; absent where that is known. */
  readonly unknown?: PossibleUnknown;
}

export interface PossibleUnknown extends ReachedUnknown {
  /** Labels with which it may; absent where it may with all that were tried. */
  readonly example?: Labels;
}
