import type { NamedPort } from "../../rules/named-port.ts";
import type { AddressPredicate } from "../../rules/predicate.ts";
import type { RuleSpec } from "../../rules/rule-spec.ts";
import type { PodQuestion } from "./question-index.ts";

/** A rule that is in use, bound to the evaluator's answers. Rules that say the same are one. */
export interface BoundRule {
  readonly id: number;
  readonly spec: RuleSpec;
  /** The number of what it is about whatever the destination is. */
  readonly fixed: number;
  /** The numbers of what it is about at destinations that give its names these numbers, as far as was asked. */
  readonly byAskedPorts: Map<string, number>;
  /** Undefined is everyone. */
  readonly peers?: BoundPeers;
}

/** Whom a rule is for: any of these. */
export interface BoundPeers {
  readonly pods: readonly PodQuestion[];
  readonly addresses: readonly BoundAddresses[];
  /** The number of the question about pods that are not known, where it is asked. */
  readonly unknownPods?: number;
}

/** A question about addresses, by the number it has in address sets. */
export interface BoundAddresses {
  readonly number: number;
  readonly predicate: AddressPredicate;
}

/** A rule as it judges one subject. */
export interface AppliedRule {
  readonly rule: BoundRule;
  /** What it is about, but for names that depend on the peer. */
  readonly connections: number;
  /** Names to resolve at the peer, where the peer is the destination. */
  readonly named: readonly NamedPort[];
}
