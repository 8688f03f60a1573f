import type { PlaceSet } from "./place-set.ts";

/** A state for each class after some rules: that of `peers`, in their order, and that of all others. */
export interface Segment {
  readonly base: number;
  readonly peers: Int32Array;
  readonly states: Int32Array;
}

/** A segment that many tables have, with the state of every class. */
export interface TierSegment extends Segment {
  readonly all: Int32Array;
  /** The peers of whom something is accepted. */
  readonly accepting: Int32Array;
  readonly peerSet: PlaceSet;
  readonly acceptingSet: PlaceSet;
}
