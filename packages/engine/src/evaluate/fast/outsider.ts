import type { AddressSet } from "./address-sets.ts";

/** An end that no selector of pods can select: an address, or a pod in its node's network or that has ended. */
export interface Outsider {
  readonly addresses: AddressSet;
  /** The node whose network it is in, where it is a hostNetwork pod. */
  readonly node?: string;
  /** A known pod has its address, and speaks as another end: it is none of the pods that are not known. */
  readonly hasPodAddress: boolean;
}
