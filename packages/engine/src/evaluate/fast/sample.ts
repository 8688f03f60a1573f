import type { Family } from "../../net/address.ts";
import type { AddressSet } from "./address-sets.ts";
import type { PodClass } from "./pod-class.ts";

/** Pods of a class, met by an address of a family. */
export interface PodSample {
  readonly kind: "pods";
  readonly podClass: PodClass;
  readonly family: Family;
}

/** Somebody who stands for all that rules treat alike: pods met by an address of a family, or addresses of no known pod. */
export type Sample = PodSample | { readonly kind: "outside"; readonly addresses: AddressSet };
