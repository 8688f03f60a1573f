import type { ConnectionSet } from "../../net/connection-set.ts";
import type { AddressInterval } from "../../rules/predicate.ts";
import type { LabelSelector } from "../../model/selector.ts";
import type { SourceRange } from "../../source/source-file.ts";

/** What somebody wants to be so. */
export interface Assertion {
  readonly name: string;
  /** `allow`: every pair may use every port. `deny`: no pair may use any of them. */
  readonly effect: "allow" | "deny";
  /** Any of these. */
  readonly from: readonly AssertionEnd[];
  readonly to: readonly AssertionEnd[];
  /** `any`: for `allow`, that something may pass at all. */
  readonly ports: ConnectionSet | "any";
  readonly range: SourceRange;
}

/** Whom an assertion is about; `text` is as it is written, for people. */
export type AssertionEnd = SelectedPodsEnd | NamedEnd | AddressesEnd | WorldEnd;

interface EndSource {
  readonly text: string;
  readonly range: SourceRange;
}

/** Pods that selectors select; an absent one selects all. */
export interface SelectedPodsEnd extends EndSource {
  readonly kind: "selected";
  /** The one namespace asked for, or a selector of namespaces. */
  readonly namespace?: string | LabelSelector;
  readonly pods?: LabelSelector;
}

/** A pod, or the pods of a workload. */
export interface NamedEnd extends EndSource {
  readonly kind: "named";
  readonly namespace: string;
  readonly name: string;
}

/** Addresses, whoever has them. */
export interface AddressesEnd extends EndSource {
  readonly kind: "addresses";
  /** In order, not touching. */
  readonly intervals: readonly AddressInterval[];
}

/** Every address that is no pod's, in no node's pod range, and no node's. */
export interface WorldEnd extends EndSource {
  readonly kind: "world";
}
