import type { Endpoint } from "../../evaluate/connection.ts";
import type { MissingFact } from "../../explain/unknown/missing-fact.ts";
import type { ConnectionSet } from "../../net/connection-set.ts";
import type { Protocol } from "../../net/protocol.ts";
import type { Assertion, AssertionEnd } from "./assertion.ts";

/** Whether an assertion is so. */
export interface AssertionResult {
  readonly assertion: Assertion;
  /**
   * `empty` when there is nothing to judge, and `unknown` when it depends on what the input does not say: neither is a
   * success.
   */
  readonly outcome: "passed" | "failed" | "empty" | "unknown";
  /** How many pairs of pods, and of pods with sorts of addresses that policies do not tell apart, were judged. */
  readonly pairs: number;
  /** How many of them are not as asserted. */
  readonly failing: number;
  /** How many of the others are as asserted or not, as things are that are not known. */
  readonly unknown: number;
  /** The ends that match nobody. */
  readonly emptyEnds: readonly AssertionEnd[];
  readonly counterExample?: CounterExample;
  /** A pair of which it is not known, and what that depends on; absent where that is the case of no pair. */
  readonly unclear?: Unclear;
}

/** What an assertion depends on that is not known. */
export interface Unclear {
  readonly missing: readonly MissingFact[];
  /** A pair that may not be as asserted; absent where it is not known whether an end is anybody. */
  readonly example?: CounterExample;
}

/** A pair that is not as asserted. */
export interface CounterExample {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  /** What may pass and should not, or should and may not. */
  readonly wrong: ConnectionSet;
  /** One such port; absent where none has ports. */
  readonly at?: { readonly protocol: Protocol; readonly port: number };
}
