import type { ClusterPolicy } from "../../model/cluster-policy.ts";
import type { Direction, NetworkPolicy } from "../../model/network-policy.ts";
import type { BoundRule } from "./bound-rule.ts";
import type { PodQuestion } from "./question-index.ts";

/** A policy in use: whom it is about, and its rules, in order. */
export interface PolicyUse {
  /** Not used twice. */
  readonly number: number;
  readonly policy: NetworkPolicy | ClusterPolicy;
  readonly subject: PodQuestion;
  readonly rules: Readonly<Record<Direction, readonly BoundRule[]>>;
}
