import type { SourceRange } from "../source/source-file.ts";
import type { Direction } from "./network-policy.ts";
import type { Gateway, ReferenceGrant, Route } from "./route.ts";
import { type Labels, type SelectorRequirement, selects } from "./selector.ts";

/** An object of a kind that has a say in who talks to whom and that is no part of a cluster. */
export type OtherObject = OtherPolicy | OtherPods | Route | Gateway | ReferenceGrant;

/**
 * A policy of a network plugin or a mesh. Its rules are not read; whom it may select is, as far as that can be told, so
 * that an answer is called unknown only where the policy may change it.
 */
export interface OtherPolicy {
  readonly role: "policy";
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Where its subjects are; absent where they may be anywhere. */
  readonly namespace?: string;
  /** What subjects must meet; requirements that cannot be read are left out, so that it may select fewer than it seems. */
  readonly requirements: readonly SelectorRequirement[];
  readonly directions: readonly Direction[];
  /** `denies` closes what others allow, and never opens. */
  readonly effect: "allows-and-denies" | "denies";
  readonly range?: SourceRange;
}

/** Makes pods that are not known, since its template is not read. */
export interface OtherPods {
  readonly role: "pods";
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly range?: SourceRange;
}

/** Whether a policy may select a pod, by what could be read of it. */
export function maySelect(policy: OtherPolicy, pod: { readonly namespace: string; readonly labels: Labels }): boolean {
  return (policy.namespace === undefined || policy.namespace === pod.namespace) && selects(policy, pod.labels);
}
