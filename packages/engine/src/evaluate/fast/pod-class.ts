import type { ContainerPort, Pod } from "../../model/pod.ts";
import type { Labels } from "../../model/selector.ts";
import type { Family } from "../../net/address.ts";
import type { AddressSet } from "./address-sets.ts";

/**
 * By which of its addresses a pod is met: by none, where its address is not known, by its first, or by that of a family.
 */
export type Via = "none" | "first" | Family;

/** Pods that no policy can tell apart: of one namespace, and alike in all that rules ask about. */
export interface PodClass {
  /** Numbers are not used twice in one evaluator. */
  readonly id: number;
  readonly namespace: string;
  /** Those of one of the pods; the others may have other labels that no selector asks about. */
  readonly labels: Labels;
  /** Those whose names rules ask for, and one text for each choice of them. */
  readonly ports: readonly ContainerPort[];
  readonly askedPorts: string;
  readonly pods: ReadonlySet<Pod>;
  /** Which of the asked-about addresses theirs are. */
  readonly addresses: Readonly<Record<Via, AddressSet>>;
}
